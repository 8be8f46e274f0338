//! The simulator as a process: `cargo run -p kiwoom-sim -- --port 8080 --seed 7 --speed 10`.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use kiwoom_sim::{Personality, Replay, Sim, SimBuilder};

const HELP: &str = "\
An offline Kiwoom REST API on loopback.

  kiwoom-sim [--port N] [--seed N] [--speed FACTOR] [--at 2026-07-06T09:00:00] [--cash WON] [--mock]
             [--calls FILE] [--frames FILE]

  --port    a port of your choice (8080)
  --seed    the same seed gives the same market (1)
  --speed   how fast its time passes (1)
  --at      Korean wall time at the start (10:00 of today, or of Monday)
  --cash    won on the account (100000000)
  --mock    behave like the mock server instead of the real one
  --calls   answer with the recorded calls of this file, and with nothing else
  --frames  push what this recording of realtime data holds, and nothing else
";

#[tokio::main]
async fn main() -> ExitCode {
    let asked = match read() {
        Ok(Some(asked)) => asked,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("error: {problem}; --help lists the options");
            return ExitCode::FAILURE;
        }
    };
    let sim = match asked.start().await {
        Ok(sim) => sim,
        Err(error) => {
            eprintln!("error: {error} (choose another --port, or 0 for any that is free)");
            return ExitCode::FAILURE;
        }
    };
    // whoever started it may not listen: that is no reason to end
    let _ = writeln!(
        std::io::stdout(),
        "requests   {}\nWebSocket  {}/api/dostk/websocket\npage       {}/\nbegins     {}\nany pair of keys signs in; stop with Ctrl-C",
        sim.url(),
        sim.socket_url(),
        sim.url(),
        sim.now()
    );
    // until the process is stopped
    std::future::pending::<()>().await;
    ExitCode::SUCCESS
}

/// What the arguments ask for; `None` for help.
fn read() -> Result<Option<SimBuilder>, String> {
    use lexopt::prelude::*;
    let mut parser = lexopt::Parser::from_env();
    // clients compare the expiry of a token with their own clock
    let mut asked = Sim::builder().port(8080).today();
    let (mut speed, mut at, mut session) = (1.0, None, None);
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        let name = match &arg {
            Long(name) => format!("--{name}"),
            _ => return Err(arg.unexpected().to_string()),
        };
        match name.as_str() {
            "--help" => return Ok(None),
            "--mock" => asked = asked.personality(Personality::Mock),
            "--port" => asked = asked.port(value(&mut parser, &name)?),
            "--seed" => asked = asked.seed(value(&mut parser, &name)?),
            "--speed" => speed = value(&mut parser, &name)?,
            "--at" => at = Some(value(&mut parser, &name)?),
            "--cash" => asked = asked.cash(value(&mut parser, &name)?),
            "--calls" | "--frames" => {
                let (file, replay) = (value::<String>(&mut parser, &name)?, session.take().unwrap_or_else(Replay::new));
                let read = if name == "--calls" { replay.calls(&file) } else { replay.frames(&file) };
                session = Some(read.map_err(|error| format!("{name} {file}: {error}"))?);
            }
            _ => return Err(format!("{name} is no option")),
        }
    }
    if !(speed > 0.0 && speed <= 100_000.0) {
        return Err("--speed takes a factor above 0, at most 100000".to_owned());
    }
    // a recorded session says when it began; the option knows better
    if let Some(session) = session {
        asked = asked.replay(session);
    }
    if let Some(at) = at {
        asked = asked.at(at);
    }
    Ok(Some(asked.speed(speed)))
}

fn value<T: FromStr>(parser: &mut lexopt::Parser, name: &str) -> Result<T, String> {
    let text: OsString = parser.value().map_err(|error| error.to_string())?;
    let text = text.to_string_lossy();
    text.parse().map_err(|_| format!("{name} cannot be {text:?}"))
}
