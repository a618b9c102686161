package dev.galen.examples.clinical.trust;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Code;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model card (Mitchell et al.: "Model cards for model reporting", 2019, arXiv 1810.03993) made
 * from what a run has left: {@code run.json}, {@code config.json}, {@code log.jsonl}, {@code
 * report.json}, and the manifests of its data. Nothing is invented: what nobody has said is called
 * unknown. In front of it stands the metadata of HuggingFace's hub.
 */
public final class ModelCard {
  private static final String UNKNOWN = "Unknown: nobody has said.";

  /** Figures as the hub calls them; others keep their name. */
  private static final Map<String, String> METRICS =
      Map.of(
          "accuracy", "accuracy",
          "macroF1", "f1",
          "macro-F1", "f1",
          "weightedF1", "f1",
          "validationPerplexity", "perplexity",
          "validationLoss", "loss",
          "perplexity", "perplexity",
          "rougeL", "rouge");

  private static final Map<String, String> PIPELINES =
      Map.of(
          "classification", "text-classification",
          "language-model", "text-generation",
          "preference", "text-generation",
          "tagging", "token-classification");

  private final RunFacts facts;
  private final Map<String, SourceManifest> manifests;

  private ModelCard(RunFacts facts, Map<String, SourceManifest> manifests) {
    this.facts = facts;
    this.manifests = manifests;
  }

  /**
   * The model card of a run.
   *
   * @param run its folder
   * @param data files whose manifests count besides those of the run's own training data
   */
  public static ModelCard of(Path run, List<Path> data) throws IOException {
    return of(run, data, null);
  }

  /**
   * The same with the figures and limits of a report elsewhere.
   *
   * @param report the folder of a {@code report.json}; null for that of the run alone
   */
  public static ModelCard of(Path run, List<Path> data, Path report) throws IOException {
    RunFacts facts = RunFacts.read(run, report);
    var manifests = new LinkedHashMap<String, SourceManifest>();
    if (facts.spec() != null) {
      for (Path file : facts.spec().data().train()) {
        manifests.put(file.toString(), Files.isRegularFile(file) ? SourceManifest.of(file) : null);
      }
    }
    for (Path file : data) {
      SourceManifest manifest = SourceManifest.of(file);
      if (manifest == null) {
        throw new IOException(
            "%s: has no manifest beside it; make one by `galen clinical ingest`".formatted(file));
      }
      manifests.put(file.toString(), manifest);
    }
    return new ModelCard(facts, manifests);
  }

  /** The data that the model card names, by file; null where a file has no manifest. */
  Map<String, SourceManifest> manifests() {
    return manifests;
  }

  /** The card as Markdown with the hub's metadata in front: a {@code README.md}. */
  public String markdown() {
    return frontMatter() + ReportWriter.markdown(report());
  }

  /** The hub's metadata, between lines of dashes. */
  String frontMatter() {
    var yaml = new StringBuilder("---\n");
    yaml.append("license: unknown\nlibrary_name: galen\n");
    String pipeline = pipeline();
    if (pipeline != null) {
      yaml.append("pipeline_tag: ").append(pipeline).append('\n');
    }
    yaml.append("tags:\n- galen\n- medical\n");
    if (facts.modelType() != null) {
      yaml.append("- ").append(quoted(facts.modelType())).append('\n');
    }
    String base = facts.spec() == null ? null : facts.spec().model().directory();
    // Only a name of the hub means something there; a folder of this machine does not.
    if (base != null && base.matches("[\\w.-]+/[\\w.-]+") && !Files.exists(Path.of(base))) {
      yaml.append("base_model: ").append(quoted(base)).append('\n');
    }
    List<String> metrics = measured().stream().map(ModelCard::metric).distinct().toList();
    if (!metrics.isEmpty()) {
      yaml.append("metrics:\n");
      metrics.forEach(metric -> yaml.append("- ").append(quoted(metric)).append('\n'));
      if (pipeline != null) {
        index(yaml, pipeline);
      }
    }
    return yaml.append("---\n\n").toString();
  }

  private void index(StringBuilder yaml, String pipeline) {
    yaml.append("model-index:\n- name: ").append(quoted(facts.name())).append('\n');
    yaml.append("  results:\n  - task:\n      type: ").append(pipeline).append('\n');
    yaml.append("    dataset:\n      name: ").append(quoted(datasets())).append('\n');
    yaml.append("      type: unknown\n    metrics:\n");
    for (String figure : measured()) {
      yaml.append("    - type: ").append(quoted(metric(figure))).append('\n');
      yaml.append("      name: ").append(quoted(figure)).append('\n');
      yaml.append("      value: ").append(facts.figures().get(figure)).append('\n');
    }
  }

  private String pipeline() {
    if (facts.spec() != null) {
      return PIPELINES.get(facts.spec().task());
    }
    String kind = facts.architecture() == null ? "" : facts.architecture();
    return kind.endsWith("ForSequenceClassification")
        ? "text-classification"
        : kind.endsWith("ForTokenClassification")
            ? "token-classification"
            : kind.endsWith("ForMaskedLM")
                ? "fill-mask"
                : kind.endsWith("ForCausalLM") || kind.endsWith("LMHeadModel")
                    ? "text-generation"
                    : null;
  }

  private List<String> measured() {
    return facts.figures().keySet().stream()
        .filter(name -> Double.isFinite(facts.figures().get(name)))
        .toList();
  }

  private static String metric(String figure) {
    return METRICS.getOrDefault(figure, figure.toLowerCase(Locale.ROOT));
  }

  private String datasets() {
    String names =
        manifests.values().stream()
            .filter(manifest -> manifest != null)
            .map(SourceManifest::name)
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "unknown" : names;
  }

  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  /** The card's sections. */
  public RunReport report() {
    var card = RunReport.builder("Model card of " + facts.name());
    facts.figures().forEach(card::measure);
    card.section("The model", model());
    card.section(
        "Intended use",
        new Paragraph(UNKNOWN),
        new Paragraph(
            "It was trained and measured as this card says, and has not been evaluated for any use"
                + " in the care of patients."));
    card.section("Training data", data());
    card.section("Training", training().toArray(Block[]::new));
    card.section(
        "Evaluation",
        new Paragraph(
            facts.figures().isEmpty()
                ? "Unknown: the run's folder has no figures."
                : "The figures above are those that the run has left. Its report, where there is"
                    + " one, has their intervals and baselines."));
    var limits = new ArrayList<>(facts.limits());
    if (limits.isEmpty()) {
      limits.add(UNKNOWN);
    }
    card.section("Limits and risks", new Bullets(limits));
    card.section("Ethical considerations", new Paragraph(people()));
    card.section("Versions", RunSections.versions());
    return card.build();
  }

  private Block model() {
    var table = Table.of("What it is", "what", "value");
    table.row("architecture", facts.modelType());
    table.row("class", facts.architecture());
    table.row("parameters", facts.parameters() < 0 ? null : (Object) facts.parameters());
    table.row("classes", facts.classes().isEmpty() ? null : String.join(", ", facts.classes()));
    table.row("task", facts.spec() == null ? null : facts.spec().task());
    table.row("made from", facts.spec() == null ? null : origin());
    table.row("language", null);
    table.row("licence of the model", null);
    table.row("made by", null);
    return table.build();
  }

  private String origin() {
    var source = facts.spec().model();
    return source.directory() != null
        ? "the weights of " + source.directory()
        : source.preset() != null
            ? "random weights of the shape " + source.preset()
            : source.config() != null
                ? "random weights of the shape in " + source.config()
                : "random weights";
  }

  private Block data() {
    var table =
        Table.of(
            "Files, and what their manifests say",
            "file",
            "name",
            "licence",
            "consent",
            "de-identified",
            "documents",
            "SHA-256");
    manifests.forEach(
        (file, manifest) -> {
          if (manifest == null) {
            table.row(file, null, null, null, null, null, null);
          } else {
            table.row(
                file,
                manifest.name(),
                manifest.licence(),
                manifest.consent(),
                manifest.deidentified() ? "yes" : "no",
                manifest.counts().written(),
                manifest.sha256());
          }
        });
    return manifests.isEmpty() ? new Paragraph(UNKNOWN) : table.build();
  }

  private List<Block> training() {
    var blocks = new ArrayList<Block>();
    if (facts.updates() >= 0) {
      blocks.add(new Paragraph("%,d updates were made.".formatted(facts.updates())));
    }
    if (facts.spec() == null) {
      blocks.add(new Paragraph(UNKNOWN));
    } else {
      blocks.add(new Paragraph("The seed is %d.".formatted(facts.spec().training().seed())));
      blocks.add(new Code("The whole recipe, for galen train --config:", facts.spec().toYaml()));
    }
    return blocks;
  }

  private String people() {
    boolean all = !manifests.isEmpty();
    boolean clean = all;
    for (SourceManifest manifest : manifests.values()) {
      all &= manifest != null;
      clean &= manifest != null && manifest.deidentified();
    }
    if (clean) {
      return "All training data are de-identified, say their manifests; no removal finds all that"
          + " identifies a person, and a model may repeat what it has read.";
    }
    return all
        ? "NOT all training data are de-identified, say their manifests: the model may repeat what"
            + " identifies people, and has to be protected as the data are."
        : "Whether the training data were de-identified is unknown; treat the model as if they were"
            + " not.";
  }
}
