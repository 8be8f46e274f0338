//! Turns an intent into the request of its desk, side and action, and reads the order number from the reply.
//!
//! The only place that knows both the order layer and the generated requests; it decides nothing. It refuses the orders
//! of a desk whose category of APIs is not in the build.

#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
mod domestic;
#[cfg(feature = "domestic-order")]
mod gold;
#[cfg(feature = "us-order")]
mod us;

use std::time::Duration;

use super::Intent;
use super::order_ref::is_number;
use crate::endpoint::Endpoint;
use crate::error::{Kind, Trail};
use crate::net::guard::Departure;
use crate::value::OrderNo;
use crate::{Client, Error, Outcome, Reply};

/// "All that is left", as a quantity of a change or a cancellation (`BEHAVIOUR.md` O3).
#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
const ALL: i64 = 0;

/// How intents are sent.
#[derive(Clone, Copy)]
pub(super) struct Dispatch<'a> {
    pub client: &'a Client,
    pub timeout: Option<Duration>,
    /// For everything, including waiting.
    pub deadline: Duration,
    /// How much of that has passed.
    pub spent: Duration,
    /// Learns when it leaves.
    pub departure: &'a Departure,
}

impl Dispatch<'_> {
    /// Makes the one attempt. `Accepted` holds the number of the order as the broker wrote it. An order that was accepted without
    /// one is `Unknown`: only the lists can say which it is.
    pub async fn send(self, intent: &Intent) -> Outcome<OrderNo> {
        match intent.desk {
            #[cfg(feature = "domestic-order")]
            super::Desk::Stock => domestic::stock(self, intent).await,
            #[cfg(feature = "domestic-margin-order")]
            super::Desk::Margin => domestic::margin(self, intent).await,
            #[cfg(feature = "domestic-order")]
            super::Desk::Gold => gold::send(self, intent).await,
            #[cfg(feature = "us-order")]
            super::Desk::Us => us::send(self, intent).await,
            #[allow(unreachable_patterns, reason = "with all categories there is no other desk")]
            desk => {
                let desk = desk.as_str();
                let problem = crate::language::both!(
                    "orders of the desk {desk} are not part of this build",
                    "이 빌드에는 {desk} 주문이 없습니다"
                );
                let advice = crate::language::fixed!(
                    "enable the feature domestic-order, domestic-margin-order or us-order of kiwoom-api",
                    "kiwoom-api의 domestic-order, domestic-margin-order, us-order feature를 켜세요"
                );
                Outcome::NotSent(super::checks::refused("desk", problem, advice))
            }
        }
    }

    #[allow(dead_code, reason = "used with any category of orders")]
    async fn exchange<R>(self, request: R) -> Outcome<OrderNo>
    where
        R: Endpoint<Answer = Outcome<Reply<<R as Endpoint>::Reply>>>,
        R::Reply: Numbered,
    {
        let mut call = self.client.call(request).departing(self.departure);
        if let Some(timeout) = self.timeout {
            call = call.timeout(timeout);
        }
        call = call.deadline(self.deadline).having_spent(self.spent);
        match call.await {
            Outcome::Accepted(reply) => Outcome::from_result(numbered(&reply).map_err(|error| {
                let trail = Trail { attempts: reply.attempts(), waited: reply.waited(), ..Trail::default() };
                error.within(R::META.id.into(), R::META.effect, trail)
            })),
            Outcome::Rejected(rejection) => Outcome::Rejected(rejection),
            Outcome::NotSent(error) => Outcome::NotSent(error),
            Outcome::Unknown(unknown) => Outcome::Unknown(unknown),
        }
    }
}

/// The number in a reply. A JSON number is read as text; anything else that has no digits of its own names no order.
#[allow(dead_code, reason = "used with any category of orders")]
fn numbered<T: Numbered>(reply: &Reply<T>) -> Result<OrderNo, Error> {
    let number = reply.number().filter(|number| is_number(number));
    number.cloned().ok_or_else(|| Error::new(Kind::NoOrderNumber).status(200).unsettled(true))
}

/// A reply to an order, a change or a cancellation; it holds the number of that action.
#[allow(dead_code, reason = "used with any category of orders")]
trait Numbered {
    fn number(&self) -> Option<&OrderNo>;
}

/// The replies of one menu.
#[allow(unused_macros, reason = "used with any category of orders")]
macro_rules! numbered {
    ($market:ident::$menu:ident: $($reply:ident),+) => {
        $(impl Numbered for crate::generated::$market::$menu::$reply {
            fn number(&self) -> Option<&OrderNo> {
                self.ord_no.as_ref()
            }
        })+
    };
}

#[cfg(feature = "domestic-order")]
numbered!(domestic::order: BuyOrderReply, SellOrderReply, ModifyOrderReply, CancelOrderReply);
#[cfg(feature = "domestic-order")]
numbered!(domestic::order: GoldBuyOrderReply, GoldSellOrderReply, GoldModifyOrderReply, GoldCancelOrderReply);
#[cfg(feature = "domestic-margin-order")]
numbered!(
    domestic::margin_order: MarginBuyOrderReply,
    MarginSellOrderReply,
    MarginModifyOrderReply,
    MarginCancelOrderReply
);
#[cfg(feature = "us-order")]
numbered!(us::order: BuyOrderReply, SellOrderReply, ModifyOrderReply, CancelOrderReply);
