//! The words by which the reader knows a sheet: labels of column A, heads of the columns of a table.

/// The labels of column A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnLabel {
    Menu,
    Name,
    Id,
    Method,
    Real,
    Mock,
    Url,
    Format,
    ContentType,
    Overview,
    Request,
    Response,
    RequestExample,
    ResponseExample,
    TableHead,
    Header,
    Body,
    /// Decoration that carries nothing: `API 정보`, `기본정보`, the back link.
    Title,
    Other,
}

pub(super) fn label(text: &str) -> ColumnLabel {
    match text {
        "메뉴 위치" => ColumnLabel::Menu,
        "API 명" => ColumnLabel::Name,
        "API ID" => ColumnLabel::Id,
        "Method" => ColumnLabel::Method,
        "운영 도메인" => ColumnLabel::Real,
        "모의투자 도메인" => ColumnLabel::Mock,
        "URL" => ColumnLabel::Url,
        "Format" => ColumnLabel::Format,
        "Content-Type" => ColumnLabel::ContentType,
        "개요" => ColumnLabel::Overview,
        "Request" => ColumnLabel::Request,
        "Response" => ColumnLabel::Response,
        "Request Example" => ColumnLabel::RequestExample,
        "Response Example" => ColumnLabel::ResponseExample,
        "구분" => ColumnLabel::TableHead,
        "Header" => ColumnLabel::Header,
        "Body" => ColumnLabel::Body,
        "API 정보" | "기본정보" | "키움 REST API" | "◀ API 리스트 이동" => ColumnLabel::Title,
        _ => ColumnLabel::Other,
    }
}

/// The columns of a table of fields.
pub(super) const COLUMNS: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
