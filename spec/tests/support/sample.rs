//! Small sheets of our own, with every text-level oddity of the real ones.

use kiwoom_spec::dump::{Row, Sheet};

/// A sheet from rows of cells, row 1 first; blank cells and rows are dropped as a reader does.
pub fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let rows = rows.iter().zip(1..).filter_map(|(cells, number)| {
        let cells: Vec<_> = cells.iter().map(|c| (!c.is_empty()).then(|| (*c).to_owned())).collect();
        let filled = cells.iter().rposition(Option::is_some)? + 1;
        Some(Row { number, cells: cells[..filled].to_vec() })
    });
    Sheet { file: "sample".into(), name: name.into(), rows: rows.collect() }
}

/// An API sheet: newlines, pipes, backslashes, bullets and lines that look like headings or rows.
pub fn sample_sheet() -> Sheet {
    let field = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
    sheet(
        "견본 조회(zz00001)",
        &[
            &["◀ API 리스트 이동"],
            &["키움 REST API"],
            &["API 정보"],
            &["메뉴 위치", "", "견본 > 분류 > 견본 조회(가/나)(zz00001)"],
            &["API 명", "", "견본 조회(가/나)"],
            &["API ID", "", "zz00001"],
            &["기본정보"],
            &["Method", "", "POST"],
            &["운영 도메인", "", "https://example.com"],
            &["모의투자 도메인", "", "https://mock.example.com(가|나만)"],
            &["URL", "", "/api/sample"],
            &["Format", "", "JSON"],
            &["Content-Type", "", "application/json;charset=UTF-8"],
            &["개요"],
            &["- 첫째 줄\n# 제목 같은 줄\n\n- a | b &#39;따옴표&#39;"],
            &["Request"],
            &field,
            &["Header", "api-id", "이름", "String", "Y", "10"],
            &["", "cont-yn", "연속", "String", "N", "1", "한 줄 \n 둘째 줄"],
            &["Body", "stk_cd", "종목", "String", "Y", "20", "여러 개는 | 로 구분"],
            &["", "tp", "구분", "String", "Y", "1", "1:가 |\n| 2:나 |\n# 3:다\n\n4:라"],
            &["", "path", "경로", "String", "N", "", "C:\\a\\b \"[{\\\"k\\\":1}]\""],
            &["Response"],
            &field,
            &["Header", "api-id", "이름", "String", "Y", "10"],
            &["Body", "조회 데이터"],
            &["", "rows", "목록", "LIST", "N"],
            &["", "- v", "값", "String", "N", "20", "단위: 원"],
            &["Request Example"],
            &["{\n    \"stk_cd\": \"A|B|C|D|E|F|G|H\",\n    \"tp\": \"1|\"\n} |"],
            &["Response Example"],
            &["#응답\n# 둘째\n{\n    \"rows\": [\n| \"v\": \"a|b\" |\n    ]\n}"],
        ],
    )
}

/// A list sheet.
pub fn sample_list_sheet() -> Sheet {
    let head = ["No.", "API ID", "API 명", "대분류", "중분류", "URL", "바로가기"];
    sheet(
        "API 리스트",
        &[
            &["키움 REST API 목록"],
            &head,
            &["1", "zz00001", "견본 조회(가/나)", "견본", "분류", "/api/sample", "이동"],
            &["2", "공통", "오류코드", "", "", "", "이동"],
        ],
    )
}

/// A sheet of error codes, with a `|` in a message.
pub fn sample_error_sheet() -> Sheet {
    sheet(
        "오류코드",
        &[
            &["◀ API 리스트 이동"],
            &["오류코드 목록"],
            &["No.", "오류코드", "오류메시지"],
            &["1", "9001", "견본 오류 API={?}, 값=a|b"],
            &["2", "9002", "둘째\n오류"],
        ],
    )
}

/// All of them: a small complete document.
pub fn sample_sheets() -> Vec<Sheet> {
    vec![sample_list_sheet(), sample_error_sheet(), sample_sheet()]
}
