package dev.galen.examples.clinical.command;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.pairs.ChangesStep;
import dev.galen.examples.clinical.pairs.PairFormat;
import dev.galen.examples.clinical.pairs.PairLengths;
import dev.galen.examples.clinical.pairs.PairStep;
import dev.galen.examples.clinical.pairs.PairTask;
import dev.galen.examples.clinical.pairs.PairTemplate;
import dev.galen.examples.clinical.pairs.PairTemplates;
import dev.galen.examples.clinical.pairs.PriorSource;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.text.Words;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code galen clinical pairs}. */
@Command(
    name = "pairs",
    description = {
      "Make training pairs of documents: instruction, input and output, as `galen train` reads them.",
      "Templates: summarise, summarise-dialogue, answer, answer-question, compare, flag."
    },
    mixinStandardHelpOptions = true)
final class PairsCommand implements Callable<Integer> {
  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "Documents, as JSON lines.")
  private List<Path> files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "Where the pairs go: CSV if its name ends in .csv, else JSON lines. How long they are is told"
              + " in FILE.lengths.json, what cannot be used in FILE.rejects.jsonl.")
  private Path out;

  @Option(
      names = "--template",
      paramLabel = "ID",
      description =
          "A template by its name (the newest) or as NAME@VERSION; may be repeated, each makes a pair.")
  private List<String> ids = List.of();

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "All templates of a task: ${COMPLETION-CANDIDATES}.")
  private PairTask task;

  @Option(
      names = "--templates",
      paramLabel = "FILE",
      description =
          "More templates: JSON objects with name, version, task, instruction, input and output, in"
              + " which {name} is a field of the document.")
  private Path templateFile;

  @Option(
      names = "--field",
      paramLabel = "NAME=FIELD",
      description =
          "What a template calls NAME is the document's FIELD, as in summary=section_text; may be"
              + " repeated.")
  private Map<String, String> names = new LinkedHashMap<>();

  @Option(
      names = "--prior-by",
      paramLabel = "NAME",
      description =
          "For compare: a document's prior report is the one before it with the same NAME, such as"
              + " patient; what has changed is found as `galen clinical compare` does.")
  private String priorField;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Count lengths in tokens of this tokenizer (default: in words).")
  private Path tokenizer;

  @Option(
      names = "--identified",
      description = "Use documents that were not de-identified; it is logged.")
  private boolean identified;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many documents are worked on at once (default: the machine's cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    StepOptions.requireApart(files, out);
    for (Path file : files) {
      SourceManifest.require(file, identified);
    }
    List<PairTemplate> templates = templates();
    PairFormat format = PairFormat.of(out.getFileName().toString());
    DocumentStep step = new PairStep(templates, names);
    if (templates.stream().anyMatch(template -> template.task() == PairTask.COMPARE)) {
      step = new ChangesStep().then(step);
    }
    PairLengths lengths = lengths();
    DocumentSource source = new JsonLinesSource(files);
    if (priorField != null) {
      source = new PriorSource(source, priorField);
    }
    String settings =
        "pairs "
            + format
            + " "
            + names
            + " "
            + priorField
            + "\n"
            + templates; // a changed template begins anew
    RunCounts counts =
        StepOptions.run(source, step, settings, out, threads, PairsCommand::requirePairs, format);
    StepOptions.passOn(files, out, settings, counts);
    count(source, step, lengths);
    AtomicFile.writeString(
        out.resolveSibling(out.getFileName() + ".lengths.json"), lengths.json().toPrettyString());
    System.err.print(lengths.table());
    return 0;
  }

  private static void requirePairs(RunCounts counts, Map<String, Long> problems)
      throws IOException {
    if (counts.written() == 0) {
      throw new IOException(
          "no pair could be made of %,d documents; %s"
              .formatted(
                  counts.read(),
                  problems.isEmpty()
                      ? "expected at least one document"
                      : "the first problem is: " + problems.keySet().iterator().next()));
    }
  }

  private List<PairTemplate> templates() throws IOException {
    if (ids.isEmpty() == (task == null)) {
      throw new IllegalArgumentException(
          "expected --template (one or more) or --task, and not both");
    }
    List<PairTemplate> all = new ArrayList<>(PairTemplates.builtIn());
    if (templateFile != null) {
      all.addAll(PairTemplates.read(templateFile));
    }
    List<PairTemplate> chosen = new ArrayList<>();
    for (String id : ids) {
      chosen.add(PairTemplates.of(id, all));
    }
    for (PairTemplate template : all) {
      if (template.task() == task && PairTemplates.of(template.name(), all).equals(template)) {
        chosen.add(template);
      }
    }
    return chosen;
  }

  private PairLengths lengths() throws IOException {
    if (tokenizer == null) {
      return new PairLengths("words", text -> Words.of(text).size());
    }
    Tokenizer loaded = TokenizerFiles.load(tokenizer);
    return new PairLengths("tokens", text -> loaded.encode(text, SpecialTokens.TEXT).length);
  }

  /** Makes the pairs once more, which a run that was resumed has not all seen. */
  private static void count(DocumentSource source, DocumentStep step, PairLengths lengths)
      throws IOException {
    source.read(
        new DocumentSource.Sink() {
          @Override
          public void accept(Document document) {
            try {
              step.apply(document, lengths::add);
            } catch (RejectedException e) {
              // It stands among the rejects.
            }
          }

          @Override
          public void reject(Origin origin, String problem) {}

          @Override
          public void end() {}
        });
  }
}
