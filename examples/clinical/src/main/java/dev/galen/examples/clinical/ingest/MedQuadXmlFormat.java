package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.stream.Collectors;

/** MedQuAD as published: a file a page, with questions and answers. */
final class MedQuadXmlFormat implements SourceFormat {
  @Override
  public String name() {
    return "medquad-xml";
  }

  @Override
  public String reads() {
    return "MedQuAD's XML";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.beginsWith("<") && file.headText().contains("<QAPair");
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    sink.published(PublishedSet.MEDQUAD);
    int pages = 0;
    try (var xml = new XmlReader(file)) {
      for (XmlElement page; (page = xml.next(Set.of("Document"))) != null; pages++) {
        page(page, file.origin(xml.line()), sink);
      }
      if (pages == 0) {
        sink.reject(file.origin(0), "no Document");
      }
    } catch (XmlReader.MalformedException e) {
      sink.reject(file.origin(e.line()), e.getMessage());
    }
  }

  private static void page(XmlElement page, Origin origin, RecordSink sink) throws IOException {
    String synonyms =
        page.at("FocusAnnotations", "Synonyms").children("Synonym").stream()
            .map(XmlElement::line)
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining("; "));
    int number = 0;
    for (XmlElement pair : page.at("QAPairs").children("QAPair")) {
      number++;
      XmlElement question = pair.at("Question");
      String answer = pair.at("Answer").text().strip();
      if (answer.isEmpty()) {
        sink.leaveOut("no answer");
        continue;
      }
      if (question.line().isEmpty()) {
        sink.reject(origin, "the pair %d has no Question".formatted(number));
        continue;
      }
      var fields = new LinkedHashMap<String, String>();
      fields.put("question", question.line());
      put(fields, "label", question.attribute("qtype"));
      put(fields, "focus", page.at("Focus").line());
      put(fields, "synonyms", synonyms);
      put(fields, "source", page.attribute("source"));
      put(fields, "url", page.attribute("url"));
      String id = question.attribute("qid");
      sink.accept(
          new Document(
              id == null ? page.attribute("id") + "-" + number : id, answer, fields, origin));
    }
  }
}
