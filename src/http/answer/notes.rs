//! Notes on how a query was read, in the language of whoever asks.

use super::request_id::current_language;
use crate::http::language::Language;
use crate::search::types::{Note, NoteCode};

/// Puts `notes` into the language that `Accept-Language` prefers; they are in English.
pub(in crate::http) fn translate(notes: &mut [Note]) {
    if current_language() == Language::Korean {
        for note in notes {
            note.text = in_korean(note);
        }
    }
}

fn in_korean(note: &Note) -> String {
    let Note { code, about, read_as, .. } = note;
    match code {
        NoteCode::UnknownDate => format!(
            "‘{about}’: 날짜로 읽을 수 없어 낱말로 찾았습니다. ‘날짜:2026-05-01..2026-05-31’, ‘날짜:어제’, ‘날짜:지난달’처럼 \
             쓰세요."
        ),
        NoteCode::InitialConsonants => {
            format!("‘{about}’: 첫소리로 읽어 ‘{read_as}’ 검색 결과를 보여 드립니다.")
        }
        NoteCode::BadNear => format!(
            "‘{about}’: 가까이 나오는 두 말을 찾는 표시로 읽지 않았습니다. ‘이재명 ~10 부동산’처럼 1부터 100까지의 수를 쓰고 앞뒤를 \
             띄어 쓰세요."
        ),
        NoteCode::UnknownOutletGroup if read_as.is_empty() => {
            format!("‘{about}’: 그런 언론사 묶음이 없습니다. 이 서버에는 묶음이 하나도 없습니다.")
        }
        NoteCode::UnknownOutletGroup => {
            format!("‘{about}’: 그런 언론사 묶음이 없습니다. 있는 묶음: {read_as}")
        }
        NoteCode::OutletGroupWithoutSign => {
            format!(
                "‘{about}’: 언론사 하나가 아니라 언론사 묶음의 이름입니다. ‘언론사:{read_as}’처럼 쓰세요."
            )
        }
        NoteCode::OnlyReporter => {
            format!(
                "‘{about}’: 찾은 범위의 글에는 나오지 않습니다. 같은 이름의 기자가 쓴 기사가 {read_as}건 있습니다. ‘기자:{about}’로 찾으세요."
            )
        }
    }
}
