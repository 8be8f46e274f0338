//! The access token: its life, its file, and how often it is requested.

mod cache;
mod life;
mod pace;
