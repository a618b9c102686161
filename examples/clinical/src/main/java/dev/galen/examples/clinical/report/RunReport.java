package dev.galen.examples.clinical.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What a run came to, for a reader who does not know its code.
 *
 * <pre>{@code
 * var report = RunReport.builder("PubMedQA from the abstract")
 *     .summary(Comparison.of("accuracy", "the model", "the bag of words", bootstrap, 0.95).text())
 *     .measure("accuracy", 0.62)
 *     .section("Data", table)
 *     .sections(ClassifierSections.of(names, truth, predicted, probabilities))
 *     .section(RunSections.curves(folder))
 *     .section("Limits", new Bullets("One test set of 500 abstracts."))
 *     .section(RunSections.repeat(command, folder))
 *     .build();
 * ReportWriter.write(report, folder);
 * }</pre>
 *
 * @param title what was done
 * @param summary its outcome, in sentences a reader needs first
 * @param measures the figures that the run stands for, by name, for programs
 * @param sections in the order they are read
 */
public record RunReport(
    String title,
    List<String> summary,
    SequencedMap<String, Double> measures,
    List<Section> sections) {
  /** Checks the titles, and copies all. */
  public RunReport {
    Objects.requireNonNull(title, "title");
    summary = List.copyOf(summary);
    measures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(measures));
    sections = List.copyOf(sections);
  }

  /** Whether texts of the data stand in it. */
  public boolean showsTexts() {
    return sections.stream().flatMap(section -> section.blocks().stream()).anyMatch(RunReport::is);
  }

  private static boolean is(Block block) {
    return block instanceof Examples || block instanceof MarkedText;
  }

  /** A report to which sections are added. */
  public static Builder builder(String title) {
    return new Builder(title);
  }

  /** Collects sections, which are read in the order that they are added in. */
  public static final class Builder {
    private final String title;
    private final List<String> summary = new ArrayList<>();
    private final SequencedMap<String, Double> measures = new LinkedHashMap<>();
    private final List<Section> sections = new ArrayList<>();

    private Builder(String title) {
      this.title = title;
    }

    /** Adds a sentence of the outcome. */
    public Builder summary(String sentence) {
      summary.add(sentence);
      return this;
    }

    /** Adds a figure by name. */
    public Builder measure(String name, double value) {
      measures.put(name, value);
      return this;
    }

    /** Adds a section. */
    public Builder section(String title, Block... blocks) {
      return section(new Section(title, blocks));
    }

    /** Adds a section. */
    public Builder section(Section section) {
      sections.add(section);
      return this;
    }

    /** Adds sections. */
    public Builder sections(List<Section> more) {
      sections.addAll(more);
      return this;
    }

    /** The report. */
    public RunReport build() {
      return new RunReport(title, summary, measures, sections);
    }
  }
}
