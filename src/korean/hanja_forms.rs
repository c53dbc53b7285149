//! Simplified and Japanese forms of hanja, and the forms that Korean newspapers print.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

/// Groups: the form that Korean newspapers print, then its others. Left out are those that are another hanja in Korean: 后 is no 後, 制 no 製.
const GROUPS: &str = "\
    國国 學学 會会 體体 對对対 發发発 黨党 東东 車车 軍军 長长 門门 開开 關关関 電电 話话 語语 說说説 議议 論论 證证証 權权権 經经経 濟济済 \
    業业 團团団 圖图図 書书 畫画 萬万 億亿 號号 廣广広 鐵铁鉄 銀银 錢钱銭 貿贸 費费 資资 賣卖売 買买 價价価 點点 龍龙竜 馬马 鳥鸟 魚鱼 風风 \
    飛飞 氣气気 漢汉 韓韩 華华 灣湾 臺台 澤泽沢 廳厅庁 縣县県 區区 勞劳労 動动 務务 員员 師师 醫医 藥药薬 廠厂 歷历歴 歲岁 當当 場场 實实実 \
    變变変 戰战戦 爭争 殺杀 獨独 亞亚亜 歐欧 蘇苏 聯联 澳澚 舊旧 與与 選选 總总総 統统 領领 習习 劉刘 陳陈 張张 趙赵 鄭郑 稅税 檢检検 \
    兩两両 協协 過过 進进 運运 財财 貨货 貸贷 貴贵 質质 賞赏 賽赛 贊赞賛 責责 貧贫 圓圆円 園园 圍围囲 壓压圧 邊边辺 遲迟 遠远 連连 還还 \
    遺遗 鄕乡郷 釋释釈 針针 鋼钢 錄录録 鎭镇鎮 鐘钟 陽阳 陰阴 陸陆 隊队 階阶 際际 險险険 隱隐隠 雙双 雜杂雑 離离 難难 靈灵霊 靜静 頂顶 項项 \
    順顺 須须 預预 頭头 題题 額额 顔颜 願愿 顯显顕 飯饭 飮饮飲 養养 館馆 駐驻 騎骑 驗验験 驛驿駅 鬪鬥闘 鮮鲜 鷄鸡鶏 鹽盐塩 麥麦 麗丽 齊齐斉 \
    齒齿歯 禮礼 稱称 種种 積积 穩稳穏 窮穷 竊窃 競竞 筆笔 節节 簡简 糧粮 紀纪 約约 紅红 純纯 紙纸 級级 細细 組组 終终 結结 絶绝絕 \
    給给 絲丝糸 綠绿緑 維维 網网 緊紧 線线 練练 縮缩 績绩 織织 繼继継 續续続 罰罚 罷罢 義义 聖圣 聞闻 聲声 職职 聽听聴 肅肃粛 腦脑脳 臟脏臓 \
    臨临 興兴 藏蔵 藝艺芸 處处処 虛虚 衆众 術术 衛卫衞 裝装 襲袭 見见 規规 視视 親亲 覺觉覚 覽览覧 觀观観 觸触 訂订 計计 討讨 訓训 記记 \
    設设 許许 訴诉 診诊 評评 試试 詩诗 該该 詳详 認认 誤误 課课 調调 談谈 請请 諸诸 謀谋 講讲 謝谢 識识 譯译訳 護护 譽誉 讀读読 \
    讓让譲 豐丰豊 貝贝 負负 貢贡 販贩 購购 贈赠 趨趋 踐践 軌轨 軟软 較较 載载 輕轻軽 輪轮 輸输 轉转転 辦办 辭辞 農农 達达 違违 適适 \
    郵邮 鄰邻 鑑鉴 閉闭 間间 閣阁 閱阅閲 陣阵 個个 倫伦 偉伟 側侧 備备 傳传伝 債债 傷伤 儀仪 優优 兒儿児 內内 冊册 凍冻 創创 則则 \
    剛刚 劇剧 劃划 劍剑剣 劑剂剤 勢势 勝胜 勵励 勳勋勲 勸劝勧 單单単 參参 吳吴呉 問问 啓启 嚴严厳 囑嘱 執执 堅坚 報报 墮堕 墳坟 壇坛 壞坏壊 \
    壯壮 壽寿 夢梦 奪夺 奮奋 婦妇 孫孙 寧宁 審审 寫写 寬宽 寶宝 將将 專专専 尋寻 導导 層层 屬属 島岛 嶺岭 帶带帯 幣币 庫库 廢废廃 \
    彈弹弾 歸归帰 從从従 徵徴 德徳 惡恶悪 惠恵 愛爱 態态 慶庆 憲宪 應应応 懷怀懐 懸悬 戲戏戯 戶户戸 換换 揮挥 損损 搖摇揺 擊击撃 擔担 據拠 擴扩拡 \
    攝摄摂 敎教 敗败 敵敌 數数 斷断 時时 晝昼 曉晓暁 暫暂 條条 來来 極极 榮荣栄 構构 槪概 樂乐楽 樓楼 標标 樞枢 樣样様 樹树 橋桥 機机 \
    櫻樱桜 欄栏 歡欢歓 殘残 殼壳 決决 沒没 況况 淚泪涙 淨净浄 淺浅 測测 滅灭 滯滞 漁渔 滿满 濕湿 灘滩 災灾 烏乌 無无 煙烟 熱热 燒烧焼 \
    營营営 爐炉 狀状 狹狭 獄狱 獎奖奨 獲获 獵猎猟 獸兽獣 獻献 現现 環环 畢毕 異异 疊叠畳 療疗 盜盗 盡尽 監监 盤盘 盧卢 確确 碼码 礎础 \
    禍祸 禪禅 擧舉举挙 潔洁 濁浊 濱滨浜 澁渋 燈灯 爲为為 牽牵 犧牺犠 瑤瑶 眞真 祕秘 稻稲 緣缘縁 緩缓 縱纵縦 繪绘絵 罵骂 翹翘 聰聪 膽胆 臘腊 \
    艦舰 蓋盖 蘭兰 補补 襪袜 訪访 誘诱 諒谅 謹谨 賀贺 賢贤 賭赌 軸轴 遷迁 邏逻 鄧邓 鉛铅 銅铜 鋪铺 鍵键 鎖锁 鑛矿鉱 閑闲 闊阔 \
    隨随 霧雾 韋韦 頌颂 頻频 顧顾 驅驱駆 驕骄 驚惊 髮髪 鯨鲸 鳳凤 鴻鸿 鷹鹰 龜龟亀 衝冲 舍舎 莊荘 擇择択 拂払 徑径 莖茎 惱恼悩 乘乗 \
    剩剰 淸清 靑青 棧桟 峽峡 齡龄齢 戾戻 姬姫 毆殴 謠谣謡 瓶缾 拜拝 佛仏 碎砕 粹粋 醉酔 攜携 增増 曆暦 黑黒 默黙 穗穂 假仮 步歩 \
    涉渉 每毎 卷巻 圈圏 飜翻 祿禄 剝剥 搔掻 騷騒 蠶蚕 攪撹 溫温 揭掲 渴渇 産產产 强強 査查 卽即 値值 毁毀 曾曽 \
    硏研 悅悦 脫脱 纖繊纤 擾扰 櫃柜 賺赚 鋒锋 鏡镜 馳驰 蟄蛰 鎢钨 鈉钠 鋰锂 鎳镍";

/// The groups the other way round: every hanja of every text is looked up.
static KOREAN_FORMS: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    let groups = GROUPS.split_ascii_whitespace().filter_map(|group| {
        let mut forms = group.chars();
        Some((forms.next()?, forms))
    });
    groups.flat_map(|(korean, others)| others.map(move |other| (other, korean))).collect()
});

/// Hanja by the form that text is folded to, as Unicode has them for each further reading in Korean: 率 is also U+F961, which is read 율.
static READ_OTHERWISE: LazyLock<FxHashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut forms: FxHashMap<char, Vec<char>> = FxHashMap::default();
    for form in '\u{F900}'..='\u{FAD9}' {
        if let Some(folded) = std::iter::once(form).nfkc().next().filter(|folded| *folded != form) {
            forms.entry(folded).or_default().push(form);
        }
    }
    forms
});

/// The ways in which the dictionary may have `word`, which is of folded hanja: a word of several characters also with those that stand for
/// another reading of each. At most sixteen.
pub(super) fn written_so(word: &str) -> Vec<String> {
    const MOST: usize = 16;
    let mut ways = vec![String::with_capacity(word.len())];
    let several = word.chars().nth(1).is_some();
    for hanja in word.chars() {
        let others = READ_OTHERWISE.get(&hanja).filter(|_| several);
        let forms: Vec<char> = std::iter::once(hanja).chain(others.into_iter().flatten().copied()).collect();
        ways = ways
            .iter()
            .flat_map(|way| forms.iter().map(move |form| format!("{way}{form}")))
            .take(MOST)
            .collect();
    }
    ways
}

/// `hanja` in the form that Korean newspapers print.
pub(super) fn korean_form(hanja: char) -> char {
    KOREAN_FORMS.get(&hanja).copied().unwrap_or(hanja)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_one_that_leads_nowhere_else() {
        assert!(KOREAN_FORMS.len() > 600);
        for (form, korean) in KOREAN_FORMS.iter() {
            assert_eq!(korean_form(*korean), *korean, "{form}");
        }
        assert_eq!("关税 选举 国会 経済".chars().map(korean_form).collect::<String>(), "關稅 選擧 國會 經濟");
    }
}
