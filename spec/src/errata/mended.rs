//! Facts after errata: the only input of code generation.
//!
//! Invariant: only [`super::apply`] makes a [`Mended`], so nothing can lower or judge facts that skipped the errata.

use std::ops::Deref;

use rayon::prelude::*;

use crate::ir;

/// All facts after errata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended(pub(super) ir::Spec<Ruled>);

/// An API after errata.
pub type Api = ir::Api<Ruled>;
/// A direction after errata.
pub type Side = ir::Side<Ruled>;
/// A message form after errata.
pub type Block = ir::Block<Ruled>;
/// A field after errata.
pub type Field = ir::Field<Ruled>;

/// What errata add to a field: decisions that no cell can express.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruled {
    /// Other spellings of the key.
    pub aliases: Vec<String>,
    /// `omit` or `blank` when a request field is unset.
    pub unset: Option<String>,
    /// The role of a sign: `true`, `direction`, `side`, `decoration`.
    pub sign: Option<String>,
    /// The kind, where no evidence in the document can tell.
    pub kind: Option<String>,
    /// The unit was decided by hand, also where it was decided that there is none.
    pub unit: bool,
    /// A value that means 'nothing'.
    pub sentinel: Option<String>,
    /// The rows are arrays: their positions are the fields, in this order.
    pub positional: bool,
}

impl Mended {
    /// These facts, but the APIs of `ids` as `other` has them; one that `other` does not have stays as it is.
    #[must_use]
    pub fn overlaid<'a>(&self, other: &Mended, ids: impl IntoIterator<Item = &'a String>) -> Mended {
        let mut out = self.clone();
        let kept = ids.into_iter().filter_map(|id| other.apis.get(id));
        out.0.apis.extend(kept.map(|api| (api.id.clone(), api.clone())));
        out
    }
}

impl Deref for Mended {
    type Target = ir::Spec<Ruled>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl ir::Rulings for Ruled {
    fn positional(&self) -> bool {
        self.positional
    }
}

impl Mended {
    /// These facts of some APIs alone.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Api) -> bool) -> Self {
        let apis = self.apis.iter().filter(|(_, api)| keep(api)).map(|(id, api)| (id.clone(), api.clone()));
        Self(ir::Spec { apis: apis.collect(), errors: self.errors.clone() })
    }
}

/// The same facts with room for rulings.
pub(super) fn roomy(facts: &ir::Spec) -> ir::Spec<Ruled> {
    let apis: Vec<(String, Api)> = facts.apis.par_iter().map(|(id, facts)| (id.clone(), api(facts))).collect();
    ir::Spec { apis: apis.into_iter().collect(), errors: facts.errors.clone() }
}

fn api(facts: &ir::Api) -> Api {
    Api {
        id: facts.id.clone(),
        name: facts.name.clone(),
        menu: facts.menu.clone(),
        method: facts.method.clone(),
        real: facts.real.clone(),
        mock: facts.mock.clone(),
        mock_note: facts.mock_note.clone(),
        path: facts.path.clone(),
        format: facts.format.clone(),
        overview: facts.overview.clone(),
        request: side(&facts.request),
        response: side(&facts.response),
    }
}

fn side(facts: &ir::Side) -> Side {
    let block =
        |facts: &ir::Block| Block { title: facts.title.clone(), source: facts.source, fields: fields(&facts.fields) };
    Side {
        headers: fields(&facts.headers),
        example: facts.example.clone(),
        blocks: facts.blocks.iter().map(block).collect(),
    }
}

fn fields(facts: &[ir::Field]) -> Vec<Field> {
    facts.iter().map(field).collect()
}

fn field(facts: &ir::Field) -> Field {
    Field {
        key: facts.key.clone(),
        name: facts.name.clone(),
        ty: facts.ty.clone(),
        required: facts.required.clone(),
        length: facts.length.clone(),
        says: facts.says.clone(),
        text: facts.text.clone(),
        seen: facts.seen.clone(),
        source: facts.source,
        ruled: Ruled::default(),
        fields: fields(&facts.fields),
    }
}
