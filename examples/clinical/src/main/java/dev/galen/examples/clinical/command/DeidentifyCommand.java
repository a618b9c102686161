package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.deid.Deidentifier;
import dev.galen.examples.clinical.deid.Finder;
import dev.galen.examples.clinical.deid.IdentifierFinder;
import dev.galen.examples.clinical.deid.IdentifierTagger;
import dev.galen.examples.clinical.deid.Replacing;
import dev.galen.examples.clinical.deid.ReviewFile;
import dev.galen.examples.clinical.deid.Secret;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.pipeline.DocumentLines;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code galen clinical deidentify}. */
@Command(
    name = "deidentify",
    description = {
      "Take out of documents what tells whom they are about: the eighteen kinds of identifiers of"
          + " HIPAA's Safe Harbor.",
      "No program finds them all: have a person look over what leaves the house."
    },
    mixinStandardHelpOptions = true)
final class DeidentifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private StepOptions step;

  @Option(
      names = "--by",
      paramLabel = "HOW",
      description =
          "What takes an identifier's place: tags, surrogates or shift (default: tags). Surrogates are"
              + " the same wherever a name returns with a patient; a shift moves all dates of a patient"
              + " by the same days and makes tags of the rest.")
  private Replacing by = Replacing.TAGS;

  @Option(
      names = "--secret",
      paramLabel = "FILE",
      description =
          "The key that surrogates, shifts and pseudonyms follow from, at least 16 bytes: the same key"
              + " gives the same again (default: a new one, which is gone with the run).")
  private Path secret;

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description =
          "Also write where each identifier stands in the original, with category, rule and"
              + " confidence, as JSON lines without a word of the text.")
  private Path review;

  @Option(
      names = "--spans",
      description =
          "Leave the text as it is and write the places of the identifiers with it: the output is as"
              + " confidential as the input.")
  private boolean spans;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A token classifier of `galen clinical deid-train`, which adds what the rules miss"
              + " (default: the rules alone).")
  private Path model;

  @Override
  public Integer call() throws IOException {
    Finder finder =
        model == null ? IdentifierFinder::find : IdentifierTagger.load(model, Device.best());
    String with = model == null ? "" : ", model " + stamp(model.resolve("model.safetensors"));
    step.requireApart(review);
    if (spans && (secret != null || by != Replacing.TAGS)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--spans changes no text: give it without --by and --secret");
    }
    if (spans) {
      step.run(
          (document, out) ->
              out.accept(
                  document.withAnnotations(Deidentifier.annotations(document.text(), finder))),
          "deidentify spans" + with,
          DocumentRun.Check.NONE,
          DocumentLines.SPANS);
    } else {
      var deidentifier = new Deidentifier(by, key(), finder);
      step.run(deidentifier, deidentifier.settings() + with);
      SourceManifest manifest = step.out() == null ? null : SourceManifest.of(step.out());
      if (manifest != null) {
        manifest.deidentified("galen clinical deidentify, by " + by).write(step.out());
      }
    }
    if (review != null) {
      ReviewFile.write(step.source(), review, finder);
    }
    return 0;
  }

  /** What tells the weights from others: a run goes on with the same alone. */
  private static String stamp(Path weights) throws IOException {
    return weights + " of " + Files.size(weights) + ", " + Files.getLastModifiedTime(weights);
  }

  private Secret key() throws IOException {
    if (secret == null) {
      return Secret.random();
    }
    try {
      return Secret.of(secret);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--secret " + e.getMessage());
    }
  }
}
