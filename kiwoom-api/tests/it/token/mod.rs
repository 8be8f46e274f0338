//! The access token: its life, its file, and how often it is asked for.

mod cache;
mod life;
mod pace;
