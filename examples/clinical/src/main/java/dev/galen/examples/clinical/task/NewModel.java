package dev.galen.examples.clinical.task;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.train.run.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The shape of a small GPT-2 that begins with random weights. Its byte-level BPE is learned from
 * the training texts.
 *
 * @param width C, of the hidden states
 * @param layers how many
 * @param heads of attention
 * @param context tokens of a sequence at most
 * @param vocabulary tokens at most
 * @param dropout all its probabilities
 */
record NewModel(int width, int layers, int heads, int context, int vocabulary, double dropout) {
  /** Writes its config into a folder, and says where it is. */
  ModelSource write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path config = folder.resolve("new-model.json");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model_type", "gpt2").put("vocab_size", vocabulary);
    json.put("n_embd", width).put("n_layer", layers).put("n_head", heads);
    json.put("n_positions", context);
    AtomicFile.writeString(
        config, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json));
    return new ModelSource(null, config, null, null, dropout);
  }
}
