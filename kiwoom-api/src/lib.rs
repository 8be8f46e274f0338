//! Typed client for the Kiwoom REST API.
