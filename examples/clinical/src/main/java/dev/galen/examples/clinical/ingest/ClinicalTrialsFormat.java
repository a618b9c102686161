package dev.galen.examples.clinical.ingest;

import static dev.galen.examples.clinical.ingest.PubMedQaShape.put;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trials as ClinicalTrials.gov gives them: one study, an array, lines, {@code studies} of API v2
 * with {@code protocolSection}, and the older {@code FullStudiesResponse} with {@code
 * ProtocolSection} and its lists. The text is summary, description, eligibility, arms and outcomes,
 * each an annotation {@code section}; people who can be contacted are no part of it.
 */
final class ClinicalTrialsFormat implements SourceFormat {
  private static final Set<String> LISTS = Set.of("studies", "FullStudies");
  private static final Set<String> WRAPPERS = Set.of("FullStudiesResponse", "StudyFieldsResponse");

  @Override
  public String name() {
    return "clinical-trials";
  }

  @Override
  public String reads() {
    return "ClinicalTrials.gov's JSON (API v2, and FullStudies)";
  }

  @Override
  public boolean recognises(SourceFile file) {
    String head = file.headText();
    return (file.beginsWith("{") || file.beginsWith("["))
        && (head.contains("\"protocolSection\"") || head.contains("\"ProtocolSection\""));
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    sink.published(PublishedSet.CLINICAL_TRIALS);
    try (JsonParser parser =
        JsonText.MAPPER.getFactory().createParser(file.text(options.charset()))) {
      while (parser.nextToken() != null) {
        value(parser, file, sink);
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      sink.reject(
          file.origin(place == null ? 0 : place.getLineNr()),
          JsonText.problem(e) + "; the rest of the file is not read");
    }
  }

  /** A study, or what holds some, on whose first token the parser stands. */
  private static void value(JsonParser parser, SourceFile file, RecordSink sink)
      throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        value(parser, file, sink);
      }
      return;
    }
    Origin origin = file.origin(parser.currentTokenLocation().getLineNr());
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      sink.reject(origin, "no study, but a single value");
      return;
    }
    ObjectNode study = JsonText.MAPPER.createObjectNode();
    boolean holder = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (LISTS.contains(name) || WRAPPERS.contains(name) || name.equals("Study")) {
        value(parser, file, sink);
        holder = true;
      } else {
        study.set(name, JsonText.MAPPER.readTree(parser));
      }
    }
    if (!holder) {
      study(study, origin, sink);
    }
  }

  private static void study(ObjectNode study, Origin origin, RecordSink sink) throws IOException {
    var protocol = new Tree(new Tree(study).at("protocolSection").node());
    Tree names = protocol.at("identificationModule");
    String id = names.words("nctId", "NCTId");
    if (id.isEmpty()) {
      sink.reject(origin, "a study without protocolSection.identificationModule.nctId");
      return;
    }
    var text = new Sections();
    text.add("Brief Summary", protocol.at("descriptionModule").words("briefSummary"));
    text.add("Detailed Description", protocol.at("descriptionModule").words("detailedDescription"));
    text.add("Eligibility Criteria", protocol.at("eligibilityModule").words("eligibilityCriteria"));
    Tree arms = protocol.at("armsInterventionsModule");
    text.add(
        "Arms",
        entries(
            arms.list("armGroups", "armGroup"),
            "armGroupLabel",
            "label",
            "armGroupDescription",
            "description"));
    text.add(
        "Interventions",
        entries(
            arms.list("interventions", "intervention"),
            "interventionName",
            "name",
            "interventionDescription",
            "description"));
    Tree outcomes = protocol.at("outcomesModule");
    text.add(
        "Primary Outcomes",
        entries(
            outcomes.list("primaryOutcomes", "primaryOutcome"),
            "primaryOutcomeMeasure",
            "measure",
            "primaryOutcomeDescription",
            "description"));
    text.add(
        "Secondary Outcomes",
        entries(
            outcomes.list("secondaryOutcomes", "secondaryOutcome"),
            "secondaryOutcomeMeasure",
            "measure",
            "secondaryOutcomeDescription",
            "description"));
    if (text.isEmpty()) {
      sink.leaveOut("no description");
      return;
    }
    sink.accept(new Document(id, text.text(), fields(protocol, names), text.annotations(), origin));
  }

  private static Map<String, String> fields(Tree protocol, Tree names) {
    var fields = new LinkedHashMap<String, String>();
    put(fields, "title", names.words("briefTitle"));
    put(fields, "official_title", names.words("officialTitle"));
    put(fields, "status", protocol.at("statusModule").words("overallStatus"));
    put(
        fields,
        "date",
        protocol.at("statusModule").at("startDateStruct").words("startDate", "date"));
    put(fields, "type", protocol.at("designModule").words("studyType"));
    put(fields, "phase", plain(protocol.at("designModule").list("phases", "phase")));
    put(
        fields,
        "conditions",
        plain(protocol.at("conditionsModule").list("conditions", "condition")));
    put(fields, "keywords", plain(protocol.at("conditionsModule").list("keywords", "keyword")));
    put(fields, "sex", protocol.at("eligibilityModule").words("sex", "gender"));
    put(fields, "minimum_age", protocol.at("eligibilityModule").words("minimumAge"));
    put(fields, "maximum_age", protocol.at("eligibilityModule").words("maximumAge"));
    return fields;
  }

  private static String plain(List<JsonNode> list) {
    return String.join("; ", list.stream().map(Row::words).toList());
  }

  /** A line for each entry: its name and what is said of it. */
  private static String entries(
      List<JsonNode> list, String oldName, String name, String oldMore, String more) {
    var lines = new ArrayList<String>();
    for (JsonNode one : list) {
      var entry = new Tree(one);
      String label = entry.words(oldName, name);
      String description = entry.words(oldMore, more);
      lines.add(description.isEmpty() ? label : label + ": " + description);
    }
    return String.join("\n", lines);
  }

  /** JSON whose names are compared without regard to the case of their first letter. */
  private record Tree(JsonNode node) {
    Tree at(String name) {
      JsonNode here = node.path(name);
      if (here.isMissingNode()) {
        here = node.path(Character.toUpperCase(name.charAt(0)) + name.substring(1));
      }
      return new Tree(here);
    }

    /** The first of these that has words; empty if none has. */
    String words(String... names) {
      for (String name : names) {
        JsonNode value = at(name).node;
        if (value.isValueNode() && !value.isNull()) {
          return value.asText().strip();
        }
      }
      return "";
    }

    /** A list of API v2, or the older {@code XList: {X: [..]}}. */
    List<JsonNode> list(String name, String older) {
      JsonNode list = at(name).node;
      if (!list.isArray()) {
        list = at(older + "List").at(older).node;
      }
      var all = new ArrayList<JsonNode>();
      list.forEach(all::add);
      return all;
    }
  }

  /** Text with titles over its parts. */
  static final class Sections {
    private final StringBuilder text = new StringBuilder();
    private final List<Annotation> annotations = new ArrayList<>();

    void add(String title, String words) {
      if (words.isBlank()) {
        return;
      }
      text.append(text.isEmpty() ? "" : "\n\n");
      int start = text.length();
      text.append(title).append(":\n").append(words.strip());
      annotations.add(new Annotation(start, text.length(), "section", Map.of("label", title)));
    }

    boolean isEmpty() {
      return text.isEmpty();
    }

    String text() {
      return text.toString();
    }

    List<Annotation> annotations() {
      return annotations;
    }
  }
}
