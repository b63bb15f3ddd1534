//! The columns that this service refuses to keep, by name and with the reason.
//!
//! It keeps ground, homes and cases, not profiles of people. A column is recognised by its name alone, in Chinese or
//! English; nothing it holds is read.

/// Why each group is refused, and the words that name it. English words match whole parts of a name (`resident_religion`
/// and `residentReligion`, not `regions`); Chinese ones match anywhere in it.
const REFUSED: [(&str, &[&str], &[&str]); 9] = [
    ("religion is no business of a grid map", &["religion", "religious", "faith", "belief"], &["宗教", "信仰", "信教"]),
    (
        "ethnicity is no business of a grid map",
        &["ethnicity", "ethnic", "race", "nationality"],
        &["民族", "族别", "族裔"],
    ),
    (
        "political views are no business of a grid map",
        &["political", "politics", "party_member", "party_membership"],
        &["政治面貌", "政治", "党派", "党员"],
    ),
    (
        "health is no business of a grid map",
        &["health", "disease", "illness", "disability", "disabled", "medical", "hiv", "psychiatric"],
        &["健康", "疾病", "病史", "残疾", "患病", "精神障碍", "精神病", "艾滋"],
    ),
    (
        "criminal records are no business of a grid map",
        &["criminal", "crime", "conviction", "convicted", "prison", "drug", "drugs"],
        &["犯罪", "前科", "刑满", "刑释", "社区矫正", "吸毒", "涉毒", "案底"],
    ),
    (
        "no register of special groups is kept",
        &[
            "petitioner",
            "petitioners",
            "watchlist",
            "blacklist",
            "special_group",
            "special_groups",
            "key_person",
            "key_persons",
        ],
        &["重点人员", "特殊人群", "重点人群", "重点关注", "重点管控", "上访", "信访人", "邪教", "黑名单", "维稳"],
    ),
    (
        "no face or camera data is kept",
        &["face", "faces", "facial", "camera", "biometric", "fingerprint"],
        &["人脸", "面部", "摄像", "指纹", "虹膜", "头像"],
    ),
    (
        "residents are not scored",
        &["score", "scores", "scoring", "credit", "rating"],
        &["积分", "评分", "信用", "打分", "风险等级"],
    ),
    (
        "a home is a point with a size, not a person on file",
        &["passport", "id_card", "idcard", "id_number", "birthday", "birthdate", "gender", "sex", "age"],
        &["身份证", "证件号", "性别", "出生", "年龄"],
    ),
];

/// Returns why `column` is refused, or `None` when it may be read.
#[must_use]
pub fn refusal(column: &str) -> Option<&'static str> {
    let name = parted(column);
    let names_it = |english: &[&str], chinese: &[&str]| {
        english.iter().any(|word| name.contains(&format!("_{word}_"))) || chinese.iter().any(|word| name.contains(word))
    };
    REFUSED.iter().find(|(_, english, chinese)| names_it(english, chinese)).map(|(why, ..)| *why)
}

/// Writes a name in small letters with its parts between underscores: `_party_member_` for `partyMember`.
fn parted(column: &str) -> String {
    let mut name = String::from("_");
    let mut after_small = false;
    for c in column.chars() {
        if after_small && c.is_uppercase() {
            name.push('_');
        }
        after_small = c.is_lowercase();
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.push('_');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_refused_in_both_languages() {
        let all = [
            "民族",
            "宗教信仰",
            "政治面貌",
            "健康状况",
            "是否重点人员",
            "人脸编号",
            "居民积分",
            "有无前科",
            "身份证号",
            "religion",
            "partyMember",
            "Ethnicity",
            "party member",
            "health_status",
            "criminal-record",
            "special group",
            "face_id",
            "resident_score",
        ];
        for column in all {
            assert!(refusal(column).is_some(), "{column}");
        }
    }

    #[test]
    fn columns_of_ground_homes_and_cases_pass() {
        let all = [
            "id",
            "lon",
            "lat",
            "house_id",
            "residents",
            "户数",
            "地址",
            "电话",
            "category",
            "tier",
            "status",
            "kind",
            "planted_hotspot",
            "leader",
            "data",
            "party_a",
            "当事人",
            "village_code",
            "regions",
            "stage",
            "纠纷类别",
            "reported_at",
            "surface",
        ];
        for column in all {
            assert_eq!(refusal(column), None, "{column}");
        }
    }
}
