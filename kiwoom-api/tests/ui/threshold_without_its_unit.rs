//! A threshold that counts ten thousands: half a million shares are 50 of them.

use kiwoom_api::id::usa20510;

fn main() {
    let request = usa20510::Request::default();
    let _ = request.trde_qty_tp(500_000);
}
