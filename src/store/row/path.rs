//! The way down to a grid as text: `/623021/623021100/`, so that "in this grid or below" is a prefix.

use crate::domain::{GridId, GridPath};
use crate::store::Result;
use crate::store::error::inconsistent;

pub(in crate::store) fn write(path: &GridPath) -> String {
    path.ids().iter().fold(String::from("/"), |text, id| text + id.as_str() + "/")
}

pub(in crate::store) fn read(text: &str) -> Result<GridPath> {
    let ids: Option<Vec<GridId>> = text.split_terminator('/').skip(1).map(|id| GridId::new(id).ok()).collect();
    ids.and_then(GridPath::new).ok_or_else(|| inconsistent("grid_path", format!("{text:?} is no path")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back() {
        let path = GridPath::new(vec![GridId::new("623021").unwrap(), GridId::new("甲-1").unwrap()]).unwrap();
        assert_eq!(write(&path), "/623021/甲-1/");
        assert_eq!(read("/623021/甲-1/").unwrap(), path);
        assert!(read("/").is_err());
    }
}
