package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.structure.Part;
import dev.galen.examples.clinical.structure.StructureStep;
import dev.galen.examples.clinical.structure.term.Abbreviations;
import dev.galen.examples.clinical.structure.term.Normaliser;
import dev.galen.examples.clinical.structure.term.Ontology;
import dev.galen.examples.clinical.structure.unit.UnitConversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code galen clinical structure}. */
@Command(
    name = "structure",
    description = {
      "Find sections, values, findings and abbreviations in documents; they are added as spans:",
      "section, subsection (name, code, heading), value (kind, name, value, unit, comparator, range,"
          + " flag, drug, route, frequency, time), finding (name, preferred, doid, assertion,"
          + " experiencer, time, cue), abbreviation (meaning, or ambiguous and meanings)."
    },
    mixinStandardHelpOptions = true)
final class StructureCommand implements Callable<Integer> {
  @Mixin private StepOptions step;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Which parts: sections, values, findings, abbreviations (default: all).")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--ontology",
      paramLabel = "FILE",
      description =
          "Diseases with their synonyms: doid, preferred_name, scope, term and flag between tabs."
              + " Names and EXACT synonyms become findings.")
  private Path ontology;

  @Option(
      names = "--abbreviations",
      paramLabel = "FILE",
      description = "Abbreviations and meanings, comma-separated; several rows make one ambiguous.")
  private Path abbreviations;

  @Option(
      names = "--units",
      paramLabel = "SYSTEM",
      description = "Give each value in units of this system, too: si or conventional.")
  private String units;

  @Option(
      names = "--tag",
      description = "Add a field tagged: the text with <finding> tags, which strip back to it.")
  private boolean tag;

  @Option(
      names = "--normalise",
      description =
          "Write preferred terms and the meanings of clear abbreviations into the text; spans of"
              + " category normalised tell what stood there.")
  private boolean normalise;

  @Option(names = "--restore", description = "Undo --normalise by its spans, and nothing else.")
  private boolean restore;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (restore) {
      if (normalise
          || tag
          || units != null
          || ontology != null
          || abbreviations != null
          || !only.isEmpty()) {
        throw wrong("--restore stands alone; it undoes --normalise and finds nothing");
      }
      DocumentStep undo = (document, out) -> out.accept(Normaliser.restore(document));
      step.run(undo, "structure restore");
      return 0;
    }
    Set<Part> parts;
    UnitConversion.System system = null;
    try {
      parts = Part.of(only);
    } catch (IllegalArgumentException e) {
      throw wrong("--only: " + e.getMessage());
    }
    if (units != null) {
      try {
        system = UnitConversion.System.valueOf(units.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw wrong("--units: no system \"" + units + "\"; expected si or conventional");
      }
    }
    if (abbreviations == null && only.contains(Part.ABBREVIATIONS.word())) {
      throw wrong("--only abbreviations needs --abbreviations FILE");
    }
    if (tag && !parts.contains(Part.FINDINGS)) {
      throw wrong("--tag needs findings among the parts");
    }
    var settings =
        new StructureStep.Settings(
            parts,
            ontology == null ? null : Ontology.read(ontology),
            abbreviations == null ? null : Abbreviations.read(abbreviations),
            system,
            tag,
            normalise);
    String stamp =
        "structure "
            + parts
            + " "
            + stamp(ontology)
            + " "
            + stamp(abbreviations)
            + " "
            + system
            + " "
            + tag
            + " "
            + normalise;
    step.run(new StructureStep(settings), stamp);
    return 0;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String stamp(Path file) throws IOException {
    return file == null
        ? "-"
        : file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
  }
}
