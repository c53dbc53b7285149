//! Groups of outlets (`outlet-groups.txt`): `경제지 = 매일경제, 한국경제`.
//!
//! An outlet is in one group at most, so that the counts of the groups add up. A group may have several lines.

use rustc_hash::FxHashMap;

use super::file::{Warnings, lines};
use crate::ingest::OutletNames;

/// Groups of outlets, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutletGroups {
    groups: Vec<Group>,
    /// The number of the group that an outlet is in, by the name under which articles have the outlet.
    of: FxHashMap<Box<str>, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: Box<str>,
    members: Vec<Box<str>>,
}

impl OutletGroups {
    /// The names of the groups, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| &*group.name)
    }

    /// The group that an outlet is in; `None` where it is in none. `outlet` is a name as articles have it.
    pub fn of(&self, outlet: &str) -> Option<&str> {
        self.of.get(outlet).and_then(|number| self.groups.get(*number)).map(|group| &*group.name)
    }

    /// The outlets of a group, by the names under which articles have them; `None` where there is no such group. White space
    /// makes no difference in the name of a group.
    pub fn members(&self, group: &str) -> Option<Vec<String>> {
        let key = key(group);
        let group = self.groups.iter().find(|known| self::key(&known.name) == key)?;
        Some(group.members.iter().map(|member| member.to_string()).collect())
    }

    fn add(&mut self, group: usize, outlet: &str) {
        if self.of.insert(outlet.into(), group).is_none()
            && let Some(group) = self.groups.get_mut(group)
        {
            group.members.push(outlet.into());
        }
    }
}

/// The form under which a group is looked up.
fn key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Reads the file. `outlets` has other names of the outlets.
pub(super) fn parse(text: &str, outlets: &OutletNames, warnings: &mut Warnings) -> OutletGroups {
    let mut groups = OutletGroups::default();
    for (number, line) in lines(text) {
        let Some((name, members)) = line.split_once('=') else {
            warnings.add(number, "write a group, `=`, and its outlets: 경제지 = 매일경제, 한국경제");
            continue;
        };
        let name = name.trim();
        if name.is_empty() {
            warnings.add(number, "no name of a group before `=`");
            continue;
        }
        let known = groups.groups.iter().position(|group| key(&group.name) == key(name));
        let group = known.unwrap_or_else(|| {
            groups.groups.push(Group { name: name.into(), members: Vec::new() });
            groups.groups.len() - 1
        });
        for outlet in members.split(',').map(str::trim).filter(|outlet| !outlet.is_empty()) {
            let canonical = outlets.canonical(outlet);
            if let Some(other) = groups.of.get(canonical.as_str()).filter(|other| **other != group) {
                let holder = groups.groups.get(*other).map(|group| &*group.name).unwrap_or_default();
                let message = format!("`{outlet}` is already in the group `{holder}`; it stays there");
                warnings.add(number, message);
                continue;
            }
            // An index may be older than the alias: then articles have the name as it is written here.
            groups.add(group, &canonical);
            groups.add(group, outlet);
        }
    }
    groups
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_outlets_under_any_of_their_names() {
        let (outlets, _) = OutletNames::parse("새벽경제 = 새벽경제신문\n");
        let mut warnings = Warnings::default();
        let text = "# 묶음\n경제지 = 새벽경제신문, 한낮경제\n지역 신문 = 물결일보\n경제지 = 저녁경제\n지역 신문 = 한낮경제\n잘못된 줄\n= 없음\n";
        let groups = parse(text, &outlets, &mut warnings);
        assert_eq!(groups.names().collect::<Vec<_>>(), ["경제지", "지역 신문"]);
        assert_eq!(groups.of("새벽경제"), Some("경제지"));
        assert_eq!(groups.of("저녁경제"), Some("경제지"));
        assert_eq!(groups.of("물결일보"), Some("지역 신문"));
        assert_eq!(groups.of("모르는신문"), None);
        let members = groups.members("경제지").unwrap();
        assert_eq!(members, ["새벽경제", "새벽경제신문", "한낮경제", "저녁경제"]);
        assert_eq!(groups.members("지역신문").unwrap(), ["물결일보"], "white space makes no difference");
        assert_eq!(groups.members("없는묶음"), None);
        assert_eq!(warnings.list.iter().map(|warning| warning.line).collect::<Vec<_>>(), [5, 6, 7]);
    }
}
