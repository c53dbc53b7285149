//! The ways in which the content of a file is read.

/// How the content of a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Content {
    /// One JSON object a line.
    Lines,
    /// JSON that is not cut by lines.
    Json,
    /// A table of text; the way that it is separated is found by its reader.
    Table,
    /// A workbook in a zip archive: Excel or OpenDocument.
    Zip,
    /// A workbook in the older container of Microsoft.
    Ole,
    /// XML.
    Xml,
    /// A page in HTML.
    Html,
    /// A table in HTML that is called a workbook.
    HtmlTable,
    /// Wire text with tags.
    Tagged,
    /// Texts below names and values between lines of `---`.
    FrontMatter,
    /// A page as text.
    Page,
}
