//! Words in hanja whose characters are read otherwise by themselves, and that the dictionary has in hangul alone.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Each word and its reading, which has as many syllables.
const WORDS: &str = "\
    車輛차량 困難곤란 論難논란 道場도장 令狀영장 賞狀상장 訴狀소장 告訴狀고소장 告發狀고발장 委任狀위임장 招待狀초대장 起訴狀기소장 公訴狀공소장 狀啓장계 年賀狀연하장 敗北패배 更新갱신 \
    更生갱생 更迭경질 更年期갱년기 相殺상쇄 殺到쇄도 惱殺뇌쇄 投降투항 降伏항복 標識표지 省略생략 一切일체 遊說유세 洞察통찰 容易용이 簡易간이 難易度난이도 \
    復活부활 復興부흥 憎惡증오 嫌惡혐오 好惡호오 暴惡포악 索漠삭막 拓本탁본 便所변소 小便소변 大便대변 便器변기 自轉車자전거 人力車인력거 率直솔직 率先솔선 \
    統率통솔 輕率경솔 引率인솔 樂園낙원 樂觀낙관 音樂음악 樂器악기 樂曲악곡 聲樂성악 國樂국악 農樂농악 布施보시 \
    金九김구 金氏김씨 金海김해 金浦김포 金泉김천 金堤김제 內人나인 初八日초파일 木瓜모과 牡丹모란 龜裂균열 龜鑑귀감 \
    推敲퇴고 塞翁之馬새옹지마 要塞요새 閉塞폐색 謁見알현 沙糖사탕 星宿성수 不實부실 \
    度支部탁지부 忖度촌탁 輻輳폭주 滑稽골계 契丹거란";

static READINGS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    let words = WORDS.split_ascii_whitespace();
    let halves = words.filter_map(|word| {
        let characters = word.chars().count();
        let (middle, _) = word.char_indices().nth(characters / 2)?;
        (characters % 2 == 0).then(|| word.split_at_checked(middle)).flatten()
    });
    halves.collect()
});

/// How `word` is read, if not as its characters are.
pub(super) fn word_reading(word: &str) -> Option<&'static str> {
    READINGS.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::korean::fold::{Script, script};

    #[test]
    fn every_word_is_hanja_and_every_reading_hangul() {
        assert_eq!(READINGS.len(), WORDS.split_ascii_whitespace().count());
        for (word, reading) in READINGS.iter() {
            assert!(word.chars().all(|ch| script(ch) == Script::Hanja), "{word}");
            assert!(reading.chars().all(|ch| script(ch) == Script::Hangul), "{reading}");
        }
    }
}
