//! The data that comes with the program, in columns with tabs between them.

/// The rows of a table, each as its cells, without comments, which begin with `#`, and without the
/// first line of the rest, which names the columns.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_and_the_names_of_columns_are_no_rows() {
        let text = "# why\nname\tsource\n# of these\none\thttps://a.example\ntwo\t\n";
        let read: Vec<Vec<&str>> = rows(text).collect();
        assert_eq!(read, [["one", "https://a.example"], ["two", ""]]);
        assert_eq!(rows("").count(), 0);
    }
}
