//! From the lines of a file to what they say, or to the line that is wrong and what to do about it.

use jiff::Timestamp;

use super::entry::{Note, Unreadable, VERSION};
use super::ledger::Ledger;
use super::open::Access;
use crate::language::{Both, both, fixed};
use crate::net::identity::Identity;

/// What the lines of a journal add up to.
#[derive(Debug)]
pub(super) struct Replayed {
    pub ledger: Ledger,
    /// For whom they were noted; `None` for a new journal, which has no lines.
    pub head: Option<Identity>,
}

/// Reads the lines of a journal for a client of this identity.
pub(super) fn replay(lines: &[Vec<u8>], client: &Identity, access: Access) -> Result<Replayed, Both> {
    let (mut ledger, mut head, mut last) = (Ledger::default(), None, None);
    for (index, line) in lines.iter().enumerate() {
        let before = last;
        let damaged = move |what: Both| damaged(index + 1, what, before);
        let entry = Note::read(line).map_err(|unread| match unread {
            Unreadable::Damaged(what) => damaged(what),
            Unreadable::Format(other) => both!(
                "it was written in format {other}, this version reads {VERSION} (settle its orders with the version that \
                 wrote it, then move the file away and begin a new one)",
                "형식 {other}로 쓰였는데 이 버전은 {VERSION}을 읽습니다 (파일을 쓴 버전으로 주문을 확인한 뒤, 파일을 옮기고 새로 시작하세요)"
            ),
        })?;
        match (index, entry) {
            (0, Note::Head { identity }) => {
                owned(&identity, client, access)?;
                head = Some(identity);
            }
            (0, _) => return Err(damaged(fixed!("the head of the file is missing", "파일의 첫머리가 없습니다"))),
            (_, entry) => {
                last = entry.at().or(last);
                ledger.take(entry).map_err(damaged)?;
            }
        }
    }
    ledger.begin_run();
    Ok(Replayed { ledger, head })
}

/// Fails where the orders of `noted` are not those of `client`.
pub(super) fn owned(noted: &Identity, client: &Identity, access: Access) -> Result<(), Both> {
    let advice = match access {
        _ if noted == client => return Ok(()),
        _ if noted.environment != client.environment => {
            fixed!("give each server a journal of its own", "서버마다 일지를 따로 두세요")
        }
        Access::Adopted => return Ok(()),
        Access::Ours => {
            fixed!(
                "give each account a journal of its own; if it is the same account under a new key or address, open it once with \
                 Journal::adopt",
                "계좌마다 일지를 따로 두세요. 같은 계좌의 새 키나 주소라면 Journal::adopt로 한 번 여세요"
            )
        }
    };
    Err(both!(
        "its orders went to {noted}, this client speaks to {client} ({advice})",
        "일지의 주문은 {noted}로 갔고, 이 클라이언트는 {client}와 통신합니다 ({advice})",
        noted,
        client,
        advice
    ))
}

fn damaged(line: usize, what: Both, last: Option<Timestamp>) -> Both {
    let since = last.map_or(fixed!("that were meant to be in it", "여기에 적혔어야 할"), |at| {
        both!("since {at}", "{at} 이후의")
    });
    both!(
        "line {line}: {what}: the file was changed or damaged after it was written (look up the orders {since} at the \
         broker, then move the file away and begin a new one)",
        "{line}번째 줄: {what}: 쓰인 뒤에 바뀌었거나 손상되었습니다 ({since} 주문을 증권사에 조회한 뒤, 파일을 옮기고 새로 시작하세요)",
        what,
        since
    )
}
