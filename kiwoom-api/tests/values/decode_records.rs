//! Records for tests and benchmarks: what the generator would emit, without writing 200 fields by hand.
//!
//! The macro only saves typing; its expansion is the plain `keys` and `slot` of generated code.

#![allow(dead_code, missing_docs, reason = "shared by several targets, each of which uses a part")]

use kiwoom_api::record::{Dir, Num};
use kiwoom_api::value::CodeTable;

pub const PLAIN: Num = Num::PLAIN;
pub const BARE: Dir = Dir { scale: 0, documented: false };
pub const SIGNED: Dir = Dir { scale: 0, documented: true };

kiwoom_api::code_set! {
    /// Change against the previous close.
    pub enum ChangeSign {
        /// 상한가
        UpperLimit,
        /// 상승
        Up,
        /// 보합
        Flat,
        /// 하한가
        LowerLimit,
        /// 하락
        Down,
    }
}

pub const CHANGE_SIGN: CodeTable = &[("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4)];

kiwoom_api::code_set! {
    /// US exchanges, as one hand example of a set whose codes differ from field to field.
    pub enum UsExchange {
        /// 뉴욕
        Nyse,
        /// 나스닥
        Nasdaq,
        /// 아멕스
        Amex,
        /// 전체
        All,
    }
}

/// 0: 전체, 1: 뉴욕, 2: 나스닥, 3: 아멕스
pub const US_BY_NUMBER: CodeTable = &[("0", 3), ("1", 0), ("2", 1), ("3", 2)];
/// ND: 나스닥, NY: 뉴욕, NA: 아멕스
pub const US_BY_LETTERS: CodeTable = &[("ND", 1), ("NY", 0), ("NA", 2)];

#[macro_export]
macro_rules! slot_type {
    (text) => { String };
    (count $n:expr) => { Option<i64> };
    (decimal $n:expr) => { Option<::kiwoom_api::value::Decimal> };
    (percent $n:expr) => { Option<::kiwoom_api::value::Percent> };
    (price $d:expr) => { Option<::kiwoom_api::value::Price> };
    (ratio $d:expr) => { Option<::kiwoom_api::value::Directed<::kiwoom_api::value::Percent>> };
    (sided) => { Option<::kiwoom_api::value::Sided> };
    (unit $t:ident) => { Option<::kiwoom_api::value::$t> };
    (date $l:ident) => { Option<::kiwoom_api::value::Date> };
    (time $l:ident) => { Option<::kiwoom_api::value::Time> };
    (clock $l:ident) => { Option<::kiwoom_api::value::TimeMark> };
    (at $l:ident) => { Option<::kiwoom_api::value::DateTime> };
    (month $l:ident) => { Option<::kiwoom_api::value::YearMonth> };
    (stock $p:expr) => { Option<::kiwoom_api::value::StockCode> };
    (id $t:ident) => { Option<::kiwoom_api::value::$t> };
    (code $t:ident $table:expr) => { Option<$t> };
    (secret) => { ::kiwoom_api::value::Secret };
    (mask) => { Option<::kiwoom_api::value::FilterMask> };
    (joined) => { Vec<::kiwoom_api::value::StockCode> };
    (embedded $r:ident) => { Vec<$r> };
    (constant $c:expr) => { () };
    (list $r:ident) => { Vec<$r> };
    (tuples $r:ident) => { Vec<$r> };
    (texts) => { Vec<String> };
    (object $r:ident) => { $r };
}

#[macro_export]
macro_rules! slot_of {
    ($p:expr, text) => {
        ::kiwoom_api::record::Slot::Text(&mut $p)
    };
    ($p:expr, count $n:expr) => {
        ::kiwoom_api::record::Slot::Count(&mut $p, $n)
    };
    ($p:expr, decimal $n:expr) => {
        ::kiwoom_api::record::Slot::Decimal(&mut $p, $n)
    };
    ($p:expr, percent $n:expr) => {
        ::kiwoom_api::record::Slot::Percent(&mut $p, $n)
    };
    ($p:expr, price $d:expr) => {
        ::kiwoom_api::record::Slot::Price(&mut $p, $d)
    };
    ($p:expr, ratio $d:expr) => {
        ::kiwoom_api::record::Slot::Ratio(&mut $p, $d)
    };
    ($p:expr, sided) => {
        ::kiwoom_api::record::Slot::Sided(&mut $p)
    };
    ($p:expr, unit $t:ident) => {
        ::kiwoom_api::record::Slot::Unit(&mut $p, ::kiwoom_api::record::Num::PLAIN)
    };
    ($p:expr, date $l:ident) => {
        ::kiwoom_api::record::Slot::Date(&mut $p, ::kiwoom_api::record::Layout::$l)
    };
    ($p:expr, time $l:ident) => {
        ::kiwoom_api::record::Slot::Time(&mut $p, ::kiwoom_api::record::Layout::$l)
    };
    ($p:expr, clock $l:ident) => {
        ::kiwoom_api::record::Slot::TimeMark(&mut $p, ::kiwoom_api::record::Layout::$l)
    };
    ($p:expr, at $l:ident) => {
        ::kiwoom_api::record::Slot::DateTime(&mut $p, ::kiwoom_api::record::Layout::$l)
    };
    ($p:expr, month $l:ident) => {
        ::kiwoom_api::record::Slot::YearMonth(&mut $p, ::kiwoom_api::record::Layout::$l)
    };
    ($p:expr, stock $x:expr) => {
        ::kiwoom_api::record::Slot::StockCode(&mut $p, $x)
    };
    ($p:expr, id $t:ident) => {
        ::kiwoom_api::record::Slot::Id(&mut $p)
    };
    ($p:expr, code $t:ident $table:expr) => {
        ::kiwoom_api::record::Slot::Code(&mut $p, $table)
    };
    ($p:expr, secret) => {
        ::kiwoom_api::record::Slot::Secret(&mut $p)
    };
    ($p:expr, mask) => {
        ::kiwoom_api::record::Slot::Mask(&mut $p)
    };
    ($p:expr, joined) => {
        ::kiwoom_api::record::Slot::Joined(&mut $p, '|')
    };
    ($p:expr, embedded $r:ident) => {
        ::kiwoom_api::record::Slot::Embedded(&mut $p)
    };
    ($p:expr, constant $c:expr) => {
        ::kiwoom_api::record::Slot::Const($c)
    };
    ($p:expr, list $r:ident) => {
        ::kiwoom_api::record::Slot::List(&mut $p)
    };
    ($p:expr, tuples $r:ident) => {
        ::kiwoom_api::record::Slot::Tuples(&mut $p)
    };
    ($p:expr, texts) => {
        ::kiwoom_api::record::Slot::Texts(&mut $p)
    };
    ($p:expr, object $r:ident) => {
        ::kiwoom_api::record::Slot::Object(&mut $p)
    };
}

/// `field "wire": kind argument ..;`
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident $key:literal : ($($kind:tt)+);)* }) => {
        #[derive(Clone, Default)]
        pub struct $name { $(pub $field: $crate::slot_type!($($kind)+),)* pub _more: () }

        const _: () = {
            #[allow(non_upper_case_globals)]
            mod at {
                #[allow(non_camel_case_types)]
                enum At { $($field),* }
                $(pub const $field: usize = At::$field as usize;)*
            }

            impl ::kiwoom_api::record::Record for $name {
                fn keys(&self) -> &'static ::kiwoom_api::record::Keys {
                    &::kiwoom_api::record::Keys {
                        api: "",
                        record: stringify!($name),
                        names: &[$(concat!("\"", $key, "\":")),*],
                    }
                }
                fn slot(&mut self, index: usize) -> ::kiwoom_api::record::Slot<'_> {
                    match index {
                        $(at::$field => $crate::slot_of!(self.$field, $($kind)+),)*
                        _ => unreachable!("a position that is no key"),
                    }
                }
            }
        };

        kiwoom_api::glue!($name);
    };
}

// One field of every kind of slot.
record!(Row {
    stk_cd "stk_cd": (stock true);
    cur_prc "cur_prc": (price SIGNED);
    trde_qty "trde_qty": (count PLAIN);
    flu_rt "flu_rt": (percent PLAIN);
    cntr_tm "cntr_tm": (time Plain);
    stk_nm "stk_nm": (text);
    name_of_more_than_sixteen_bytes "name_of_more_than_sixteen_bytes": (decimal PLAIN);
});

record!(Pair {
    seq "seq": (id Code);
    name "name": (text);
});

record!(Listed {
    stex_tp "stex_tp": (code UsExchange US_BY_LETTERS);
    stk_cd "stk_cd": (id UsTicker);
});

record!(Inner {
    acnt_no "acnt_no": (id AccountNo);
    sum "sum": (decimal PLAIN);
    inner_rows "rows": (list Row);
});

record!(Everything {
    text "text": (text);
    count "count": (count PLAIN);
    scaled_count "scaled_count": (count Num::scaled(3));
    magnitude "magnitude": (count Num::MAGNITUDE);
    decimal "decimal": (decimal PLAIN);
    scaled "scaled": (decimal Num::scaled(2));
    percent "percent": (percent PLAIN);
    price "price": (price SIGNED);
    bare_price "bare_price": (price BARE);
    scaled_price "scaled_price": (price Dir { scale: 2, documented: true });
    ratio "ratio": (ratio SIGNED);
    sided "sided": (sided);
    unit "unit": (unit MillionWon);
    by_request "by_request": (unit ByRequest);
    date "date": (date Plain);
    time "time": (time Plain);
    clock "clock": (clock MinuteMarked);
    at "at": (at Marked);
    month "month": (month Plain);
    stock "stock": (stock false);
    holding "holding": (stock true);
    order "order": (id OrderNo);
    account "account": (id AccountNo);
    code "code": (code UsExchange US_BY_NUMBER);
    sign "sign": (code ChangeSign CHANGE_SIGN);
    secret "secret": (secret);
    mask "mask": (mask);
    joined "joined": (joined);
    embedded "embedded": (embedded Listed);
    constant "constant": (constant "1");
    rows "rows": (list Row);
    tuples "tuples": (tuples Pair);
    texts "texts": (texts);
    object "object": (object Inner);
});
