//! The legal prices next to one that lies between two ticks, for each kind of instrument that it may be meant for.
//!
//! Texts in English and Korean; which price is legal is known to `ticks` only.

use super::Ticks;
use crate::value::Decimal;

/// Where an order could stand instead.
pub(super) struct Neighbours(Vec<(MeantFor, Vec<Decimal>)>);

/// What a price may be meant for.
#[derive(Clone, Copy)]
enum MeantFor {
    Stock,
    Fund,
    Elw,
    /// There is one kind only.
    This,
}

impl Neighbours {
    /// A Korean code does not tell a stock from a fund, so both are named, whichever of them the caller said it is. A caller
    /// who says ELW does not take it for either.
    pub fn of(price: Decimal, ticks: Ticks) -> Neighbours {
        let kinds: &[(MeantFor, Ticks)] = match ticks {
            Ticks::Stock | Ticks::Fund | Ticks::Domestic => {
                &[(MeantFor::Stock, Ticks::Stock), (MeantFor::Fund, Ticks::Fund)]
            }
            Ticks::Elw => &[(MeantFor::Elw, Ticks::Elw)],
            Ticks::Gold => &[(MeantFor::This, Ticks::Gold)],
            Ticks::Us => &[(MeantFor::This, Ticks::Us)],
        };
        Neighbours(kinds.iter().map(|(kind, ticks)| (*kind, legal(price, *ticks))).collect())
    }

    /// `70100 and 70200 for a stock, 70150 for an ETF`
    pub fn english(&self) -> String {
        self.each(|kind, prices| {
            let prices = prices.join(" and ");
            match kind {
                MeantFor::Stock => format!("{prices} for a stock"),
                MeantFor::Fund => format!("{prices} for an ETF"),
                MeantFor::Elw => format!("{prices} for an ELW"),
                MeantFor::This => format!("{prices} are next to it"),
            }
        })
    }

    /// `주식은 70100 또는 70200, ETF는 70150`
    pub fn korean(&self) -> String {
        self.each(|kind, prices| {
            let prices = prices.join(" 또는 ");
            match kind {
                MeantFor::Stock => format!("주식은 {prices}"),
                MeantFor::Fund => format!("ETF는 {prices}"),
                MeantFor::Elw => format!("ELW는 {prices}"),
                MeantFor::This => format!("가까운 호가는 {prices}"),
            }
        })
    }

    fn each(&self, text: impl Fn(MeantFor, Vec<String>) -> String) -> String {
        let said =
            |(kind, prices): &(MeantFor, Vec<Decimal>)| text(*kind, prices.iter().map(ToString::to_string).collect());
        self.0.iter().map(said).collect::<Vec<_>>().join(", ")
    }
}

/// The price itself where it is legal; else the one below, if there is one, and the one above.
fn legal(price: Decimal, ticks: Ticks) -> Vec<Decimal> {
    if ticks.has(price) {
        return vec![price.normalize()];
    }
    ticks.round_down(price).into_iter().chain([ticks.next_up(price)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legal_prices_of_each_kind() {
        for (price, ticks, english, korean) in [
            (
                "70150",
                Ticks::Stock,
                "70100 and 70200 for a stock, 70150 for an ETF",
                "주식은 70100 또는 70200, ETF는 70150",
            ),
            (
                "70101",
                Ticks::Domestic,
                "70100 and 70200 for a stock, 70100 and 70105 for an ETF",
                "주식은 70100 또는 70200, ETF는 70100 또는 70105",
            ),
            (
                "1999.5",
                Ticks::Fund,
                "1999 and 2000 for a stock, 1999 and 2000 for an ETF",
                "주식은 1999 또는 2000, ETF는 1999 또는 2000",
            ),
            ("0.5", Ticks::Domestic, "1 for a stock, 1 for an ETF", "주식은 1, ETF는 1"),
            ("103", Ticks::Elw, "100 and 105 for an ELW", "ELW는 100 또는 105"),
            ("160005", Ticks::Gold, "160000 and 160010 are next to it", "가까운 호가는 160000 또는 160010"),
            ("180.005", Ticks::Us, "180 and 180.01 are next to it", "가까운 호가는 180 또는 180.01"),
        ] {
            let neighbours = Neighbours::of(price.parse().unwrap(), ticks);
            assert_eq!((neighbours.english().as_str(), neighbours.korean().as_str()), (english, korean), "{price}");
        }
    }
}
