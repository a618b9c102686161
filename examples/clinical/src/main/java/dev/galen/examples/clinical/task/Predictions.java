package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.DocumentSource;
import dev.galen.examples.clinical.pipeline.DocumentStep;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model says of each document: a file of documents that grows as the model goes, and goes on
 * where it was when a run was killed.
 */
final class Predictions {
  static final String FILE = "predictions.jsonl";

  private Predictions() {}

  /**
   * Asks the model, and returns all it said.
   *
   * @param step makes a prediction of a document; called by one thread
   * @param settings all that predictions depend on beside documents and model
   */
  static List<Document> of(
      TaskDocuments documents, DocumentStep step, String settings, TaskSettings task)
      throws IOException {
    Path weights = task.modelFolder().resolve("model.safetensors");
    String model =
        Files.exists(weights) ? Files.getLastModifiedTime(weights).toString() : task.model();
    Path file = task.out().resolve(FILE);
    // The model is no more than one thread's.
    new DocumentRun(
            new ListSource(documents),
            step,
            settings + " " + model,
            1,
            RunProgress.lines(System.err))
        .run(file);
    return read(file);
  }

  private static List<Document> read(Path file) throws IOException {
    var all = new ArrayList<Document>();
    new JsonLinesSource(List.of(file))
        .read(
            new DocumentSource.Sink() {
              @Override
              public void accept(Document document) {
                all.add(document);
              }

              @Override
              public void reject(Origin origin, String problem) throws IOException {
                throw origin.error(problem);
              }

              @Override
              public void end() {}
            });
    return all;
  }
}
