//! Codes as people and files write them: English names, Korean labels, codes of the wire.

use std::fmt::Display;
use std::str::FromStr;

use kiwoom_api::codes::{
    Adjust, ChangeSign, Inclusion, IndexFamily, IndexMarket, IssueClass, Market, MarketFilter, MarketKospi200Filter,
    MinVolume, OrderMarketFilter, OrderType, OrderVenue, SideFilter, TransactionFilter, UsExchange, UsExchangeFilter,
    VenueFilter,
};
use kiwoom_api::id;
use kiwoom_api::record::{code_in, meaning_in};
use kiwoom_api::value::{BadCode, CodeSet, Side, Venue};

/// Every meaning comes back from its name in any case, and from each of its labels that belongs to it alone.
fn comes_back<C>(all: &'static [C]) -> usize
where
    C: CodeSet + Display + FromStr<Err = BadCode> + PartialEq + std::fmt::Debug,
{
    assert_eq!(all.len(), C::NAMES.len());
    for (position, meaning) in all.iter().enumerate() {
        let name = meaning.to_string();
        assert_eq!(name, C::NAMES[position]);
        assert_eq!(name.parse::<C>().as_ref(), Ok(meaning), "{name}");
        assert_eq!(name.to_uppercase().parse::<C>().as_ref(), Ok(meaning), "{name}");
        for label in C::KOREAN.get(position).copied().unwrap_or_default() {
            assert_eq!(label.parse::<C>().as_ref(), Ok(meaning), "{label}");
        }
    }
    for (code, position) in C::SPELLINGS {
        match code.parse::<C>() {
            Ok(meaning) => assert_eq!(meaning, all[usize::from(*position)], "{code}"),
            // a code of one meaning is the name of another
            Err(e) => assert!(e.meanings().len() > 1, "{e}"),
        }
    }
    for (code, position) in C::DISPUTED {
        if let Err(e) = code.parse::<C>() {
            assert!(e.meanings().contains(&C::NAMES[usize::from(*position)]), "{e}");
        }
    }
    assert!("no such thing".parse::<C>().is_err() && "".parse::<C>().is_err());
    all.len()
}

#[test]
fn every_meaning_comes_back_from_its_words() {
    let seen = [
        comes_back(Adjust::ALL),
        comes_back(ChangeSign::ALL),
        comes_back(Inclusion::ALL),
        comes_back(IssueClass::ALL),
        comes_back(MarketFilter::ALL),
        comes_back(MinVolume::ALL),
        comes_back(OrderType::ALL),
        comes_back(Side::ALL),
        comes_back(UsExchange::ALL),
        comes_back(UsExchangeFilter::ALL),
        comes_back(Venue::ALL),
    ];
    assert!(seen.iter().all(|count| *count > 1));
}

#[test]
fn display_and_korean_say_what_people_say() {
    assert_eq!(format!("{} {:>7}|", UsExchange::Nasdaq, UsExchange::Amex), "Nasdaq    Amex|");
    assert_eq!((Market::Kosdaq.korean(), Side::Buy.korean(), Venue::Unified.korean()), ("코스닥", "매수", "통합"));
    // where the document has numbers only
    assert_eq!(MinVolume::AtLeast5K.korean(), "5천 이상");
    assert_eq!(("5천 이상".parse(), "100만 이상".parse()), (Ok(MinVolume::AtLeast5K), Ok(MinVolume::AtLeast1M)));
    let unlisted = UsExchange::from_wire("XX").unwrap();
    assert_eq!((unlisted.to_string().as_str(), unlisted.korean()), ("XX", "XX"));
    assert!("XX".parse::<UsExchange>().is_err());
}

#[test]
fn a_code_that_means_two_things_is_refused() {
    let refused = "0".parse::<Inclusion>().unwrap_err();
    assert_eq!(refused.meanings(), ["Include", "Exclude"]);
    let text = refused.to_string();
    assert!(text.contains("\"0\" means Include or Exclude in different fields of Inclusion"), "{text}");
    assert!(text.contains("record::meaning_in"), "{text}");
    let unknown = "Tokyo".parse::<UsExchange>().unwrap_err().to_string();
    assert!(unknown.contains("\"Tokyo\" is no UsExchange: expected Nyse, Nasdaq, Amex"), "{unknown}");
    // a code that means one thing everywhere it stands
    assert_eq!("ND".parse(), Ok(UsExchange::Nasdaq));
}

#[test]
fn a_field_knows_its_own_codes() {
    for exchange in UsExchange::ALL {
        let code = code_in::<id::usa06012::Request, _>("stex_tp", *exchange).unwrap();
        assert_eq!(meaning_in::<id::usa06012::Request, _>("stex_tp", code), Some(*exchange));
    }
    assert_eq!(meaning_in::<id::usa06012::Request, UsExchange>("stex_tp", "ZZ"), None);
    assert_eq!(meaning_in::<id::usa06012::Request, Market>("stex_tp", "ND"), None, "another set");
    assert_eq!(meaning_in::<id::usa06012::Request, UsExchange>("stk_cd", "ND"), None, "no code");
    assert_eq!(meaning_in::<id::usa06012::Request, UsExchange>("nothing", "ND"), None);
}

/// One word wherever it means the same: a setter takes the set of its neighbour.
#[test]
fn neighbours_are_taken() {
    assert_eq!(IssueClass::from(Market::Kospi), IssueClass::Kospi);
    assert_eq!(IndexMarket::from(Market::Kosdaq), IndexMarket::Kosdaq);
    assert_eq!(IndexFamily::from(IndexMarket::Kospi200), IndexFamily::Kospi200);
    assert_eq!(MarketKospi200Filter::from(MarketFilter::All), MarketKospi200Filter::All);
    assert_eq!(OrderMarketFilter::from(Market::Kosdaq), OrderMarketFilter::Kosdaq);
    assert_eq!(VenueFilter::from(OrderVenue::Sor), VenueFilter::Sor);
    assert_eq!(TransactionFilter::from(SideFilter::Sell), TransactionFilter::Sell);
    assert_eq!(TransactionFilter::from(Side::Buy), TransactionFilter::Buy);
    let request = id::ka10099::Request::new(Market::Kosdaq);
    assert_eq!(request.mrkt_tp, Some(IssueClass::Kosdaq));
}
