package dev.galen.examples.clinical.structure.compare;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.assertion.Assertions;
import dev.galen.examples.clinical.structure.compare.Difference.Kind;
import dev.galen.examples.clinical.structure.section.Sections;
import dev.galen.examples.clinical.structure.term.Findings;
import dev.galen.examples.clinical.structure.term.Ontology;
import dev.galen.examples.clinical.structure.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares two reports by what they say, not by their words: values in any unit, findings under any
 * of their names with their negation, sides of the body, sections, and all other numbers.
 *
 * <p>The order of sentences, synonyms, units, brand names and ways to write a date or frequency
 * make no difference; a value that one report repeats makes none either.
 */
public final class Comparison {
  private final Findings findings;

  /** What a report says. */
  private record Report(
      String text, List<Annotation> sections, List<Annotation> values, List<Annotation> findings) {}

  /** Compares by the terms of {@code ontology}, too; null for none. */
  public Comparison(Ontology ontology) {
    findings = new Findings(ontology);
  }

  /** What differs: first values, then findings, sides, sections and numbers. */
  public List<Difference> of(String left, String right) {
    Report a = report(left);
    Report b = report(right);
    List<Difference> differences =
        new ArrayList<>(ValueDifferences.of(a.values(), b.values(), left, right));
    differences.addAll(ValueDifferences.drugs(differences, left, right));
    differences.addAll(findings(a, b));
    differences.addAll(Sides.differences(left, a.findings(), right, b.findings()));
    differences.addAll(sections(a, b));
    return NumberDifferences.join(differences, left, a.values(), right, b.values());
  }

  private Report report(String text) {
    List<Annotation> sections = Sections.of(text);
    return new Report(
        text, sections, Values.of(text), Assertions.of(text, findings.of(text), sections));
  }

  /** By person and name: the mention that says most. */
  private static Map<String, Annotation> told(Report report) {
    Map<String, Annotation> told = new LinkedHashMap<>();
    for (Annotation finding : report.findings()) {
      Map<String, String> a = finding.attributes();
      if ("hypothetical".equals(a.get("time")) || heads(finding, report)) {
        continue;
      }
      String key = a.getOrDefault("experiencer", "") + a.get("name");
      Annotation before = told.get(key);
      if (before == null || rank(finding) > rank(before)) {
        told.put(key, finding);
      }
    }
    return told;
  }

  /** Whether it stands in a heading. */
  private static boolean heads(Annotation finding, Report report) {
    for (Annotation section : report.sections()) {
      int end = section.start() + section.attributes().get("heading").length();
      if (section.start() <= finding.start() && finding.end() <= end) {
        return true;
      }
    }
    return false;
  }

  private static int rank(Annotation finding) {
    return switch (finding.attributes().get("assertion")) {
      case "present" -> 2;
      case "uncertain" -> 1;
      default -> 0;
    };
  }

  private static List<Difference> findings(Report left, Report right) {
    List<Difference> differences = new ArrayList<>();
    Map<String, Annotation> a = told(left);
    Map<String, Annotation> b = told(right);
    for (Map.Entry<String, Annotation> entry : a.entrySet()) {
      Annotation one = entry.getValue();
      Annotation other = b.get(entry.getKey());
      String name = one.attributes().get("name");
      if (other == null) {
        if (rank(one) > 0 && !covered(entry.getKey(), b)) {
          differences.add(
              new Difference(
                  Kind.FINDING_MISSING, name, one.attributes().get("assertion"), "", one, null));
        }
      } else if (rank(one) != rank(other)) {
        differences.add(
            new Difference(
                Kind.ASSERTION_CHANGED,
                name,
                one.attributes().get("assertion"),
                other.attributes().get("assertion"),
                one,
                other));
      }
    }
    for (Map.Entry<String, Annotation> entry : b.entrySet()) {
      Annotation other = entry.getValue();
      if (!a.containsKey(entry.getKey()) && rank(other) > 0 && !covered(entry.getKey(), a)) {
        differences.add(
            new Difference(
                Kind.FINDING_ADDED,
                other.attributes().get("name"),
                "",
                other.attributes().get("assertion"),
                null,
                other));
      }
    }
    return differences;
  }

  /** Whether a present finding of the other report says the same more or less exactly. */
  private static boolean covered(String name, Map<String, Annotation> others) {
    for (Map.Entry<String, Annotation> other : others.entrySet()) {
      boolean within = other.getKey().endsWith("_" + name) || name.endsWith("_" + other.getKey());
      if (within && rank(other.getValue()) > 0) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Annotation> named(Report report) {
    Map<String, Annotation> named = new LinkedHashMap<>();
    for (Annotation section : report.sections()) {
      if (section.category().equals(Sections.SECTION)) {
        named.putIfAbsent(section.attributes().get("name"), section);
      }
    }
    return named;
  }

  private static List<Difference> sections(Report left, Report right) {
    List<Difference> differences = new ArrayList<>();
    Map<String, Annotation> a = named(left);
    Map<String, Annotation> b = named(right);
    a.forEach(
        (name, section) -> {
          if (!has(b, name)) {
            differences.add(new Difference(Kind.SECTION_MISSING, name, name, "", section, null));
          }
        });
    b.forEach(
        (name, section) -> {
          if (!has(a, name)) {
            differences.add(new Difference(Kind.SECTION_ADDED, name, "", name, null, section));
          }
        });
    return differences;
  }

  /** An assessment and plan in one section are an assessment and a plan. */
  private static boolean has(Map<String, Annotation> sections, String name) {
    if (sections.containsKey(name)) {
      return true;
    }
    return switch (name) {
      case "assessment", "plan" -> sections.containsKey("assessment_and_plan");
      case "assessment_and_plan" ->
          sections.containsKey("assessment") && sections.containsKey("plan");
      case "family_history", "social_history" -> sections.containsKey("family_social_history");
      case "family_social_history" ->
          sections.containsKey("family_history") && sections.containsKey("social_history");
      default -> false;
    };
  }
}
