//! What the schedules reached.

macro_rules! tally {
    ($($name:ident,)*) => {
        /// How often each of these happened.
        #[derive(Clone, Debug, Default)]
        pub struct Tally { $(pub $name: u64,)* }

        impl Tally {
            pub fn add(&mut self, other: &Tally) {
                $(self.$name += other.$name;)*
            }

            pub fn all(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

tally! {
    orders,
    fills,
    partial_fills,
    changes,
    cancellations,
    partial_takings,
    rejections_by_push,
    leftovers_taken_back,
    races_lost,
    by_hand,
    pushes,
    pushes_lost,
    pushes_doubled,
    pushes_before_reply,
    disconnections,
    lists_read,
    lists_failed,
    replies_lost,
    never_arrived,
    settled_by_push,
    settled_by_list,
    disowned,
    undecided_for_good,
    lost_fills_found,
    exact_values,
    unknown_values,
    open_in_the_end,
    chains,
    long_chains,
}
