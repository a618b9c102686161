package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PubMed's XML, {@code PubmedArticleSet}: an article is a document, its text the abstract, a line
 * for each part. A part's label is in the text, {@code LABEL: ...}, as PubMed shows it, and the
 * part is an annotation {@code section}. An article without an abstract is left out, as is an entry
 * that deletes citations; books are read, too.
 */
final class PubMedXmlFormat implements SourceFormat {
  @Override
  public String name() {
    return "pubmed-xml";
  }

  @Override
  public String reads() {
    return "PubMed's XML (PubmedArticleSet)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    String head = file.headText();
    return file.beginsWith("<")
        && (head.contains("<PubmedArticle") || head.contains("<MedlineCitation"));
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    sink.published(PublishedSet.PUBMED);
    try (var xml = new XmlReader(file)) {
      Set<String> names = Set.of("MedlineCitation", "BookDocument", "DeleteCitation");
      for (XmlElement next; (next = xml.next(names)) != null; ) {
        if (next.name().equals("DeleteCitation")) {
          sink.leaveOut("deleted citations");
        } else {
          citation(next, file.origin(xml.line()), sink);
        }
      }
    } catch (XmlReader.MalformedException e) {
      sink.reject(file.origin(e.line()), e.getMessage());
    }
  }

  private static void citation(XmlElement citation, Origin origin, RecordSink sink)
      throws IOException {
    String id = citation.at("PMID").line();
    if (id.isEmpty()) {
      sink.reject(origin, "an article without PMID");
      return;
    }
    boolean book = citation.name().equals("BookDocument");
    XmlElement article = book ? citation : citation.at("Article");
    var text = new StringBuilder();
    List<Annotation> sections = new ArrayList<>();
    for (XmlElement part : article.at("Abstract").children("AbstractText")) {
      add(part, text, sections);
    }
    if (text.toString().isBlank()) {
      for (XmlElement other : citation.children("OtherAbstract")) {
        other.children("AbstractText").forEach(part -> add(part, text, sections));
      }
    }
    if (text.toString().isBlank()) {
      sink.leaveOut("no abstract");
      return;
    }
    sink.accept(new Document(id, text.toString(), fields(citation, article), sections, origin));
  }

  private static void add(XmlElement part, StringBuilder text, List<Annotation> sections) {
    String words = part.line();
    if (words.isEmpty()) {
      return;
    }
    text.append(text.isEmpty() ? "" : "\n");
    int start = text.length();
    String label = part.attribute("Label");
    if (label != null && !label.isBlank() && !label.equals("UNLABELLED")) {
      text.append(label.strip()).append(": ");
    }
    text.append(words);
    var attributes = new LinkedHashMap<String, String>();
    put(attributes, "label", label);
    put(attributes, "nlm_category", part.attribute("NlmCategory"));
    sections.add(new Annotation(start, text.length(), "section", attributes));
  }

  private static Map<String, String> fields(XmlElement citation, XmlElement article) {
    var fields = new LinkedHashMap<String, String>();
    put(fields, "title", article.at("ArticleTitle").line());
    put(fields, "journal", article.at("Journal", "Title").line());
    put(fields, "date", date(article));
    put(fields, "language", joined(article.children("Language")));
    put(fields, "type", joined(article.at("PublicationTypeList").children("PublicationType")));
    put(
        fields,
        "meshes",
        citation.at("MeshHeadingList").children("MeshHeading").stream()
            .map(heading -> heading.at("DescriptorName").line())
            .collect(Collectors.joining("; ")));
    put(fields, "keywords", joined(citation.at("KeywordList").children("Keyword")));
    for (XmlElement id : article.children("ELocationID")) {
      if ("doi".equals(id.attribute("EIdType"))) {
        put(fields, "doi", id.line());
      }
    }
    return fields;
  }

  private static String joined(List<XmlElement> elements) {
    return elements.stream().map(XmlElement::line).collect(Collectors.joining("; "));
  }

  /** The date as far as it is known: {@code 2019-Mar-07}'s month may be a number. */
  private static String date(XmlElement article) {
    XmlElement date = article.at("Journal", "JournalIssue", "PubDate");
    if (!date.at("MedlineDate").line().isEmpty()) {
      return date.at("MedlineDate").line();
    }
    String year = date.at("Year").line();
    if (year.isEmpty()) {
      return "";
    }
    String months = "janfebmaraprmayjunjulaugsepoctnovdec";
    String month = date.at("Month").line().toLowerCase(Locale.ROOT);
    int index = month.length() >= 3 ? months.indexOf(month.substring(0, 3)) / 3 + 1 : 0;
    if (month.matches("\\d{1,2}")) {
      index = Integer.parseInt(month);
    }
    if (index < 1) {
      return year;
    }
    String day = date.at("Day").line();
    return "%s-%02d".formatted(year, index)
        + (day.matches("\\d{1,2}") ? "-%02d".formatted(Integer.parseInt(day)) : "");
  }
}
