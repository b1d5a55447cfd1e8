//! Common Chinese surnames: bytes that begin with one in some encoding are probably meant in it.

/// Of one character, simplified and traditional.
const SINGLE: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵欧解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻餘鍾薑範譚鄒陸郝顧龍萬錢湯喬賀賴龔龐蘭顏嚴溫蘆魯韋畢聶叢齊莊塗關淩費紀歐項陽衛單寧闕饒鄔暢宮來簡婁蓋黨談連欒鬱計遲藍鞏練樂虞應銀揚習藺楚闞邊車華強竇鄺";
/// Of two.
const DOUBLE: [&str; 18] = [
    "欧阳", "歐陽", "上官", "司马", "司馬", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "公孙", "公孫",
    "慕容", "令狐", "夏侯", "轩辕", "端木",
];

/// Does this begin like a Chinese name of two to four characters?
pub fn starts(text: &str) -> bool {
    let han = text
        .chars()
        .all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '·' | '\u{3000}' | ' '));
    let length = text.chars().filter(|c| !c.is_whitespace()).count();
    han && (2..=4).contains(&length)
        && (text.chars().next().is_some_and(|c| SINGLE.contains(c))
            || DOUBLE.iter().any(|name| text.starts_with(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_surnames() {
        for name in ["郑强", "陳顯揚", "欧阳娜娜", "张　三"] {
            assert!(starts(name), "{name}");
        }
        for other in ["朝陪喘", "王", "王小明小明", "Jose", "痑王"] {
            assert!(!starts(other), "{other}");
        }
    }
}
