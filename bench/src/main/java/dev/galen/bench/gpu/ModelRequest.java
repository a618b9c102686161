package dev.galen.bench.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.model.gpt2.Gpt2Config;

/** Asks {@code gpu_peer.py} for work with a GPT-2 of our shape. */
final class ModelRequest {
  private ModelRequest() {}

  static ObjectNode of(String work, Gpt2Config model) {
    ObjectNode request = PythonPeer.request(work);
    request
        .putObject("model")
        .put("channels", model.channels())
        .put("inner", model.innerChannels())
        .put("layers", model.layers())
        .put("heads", model.heads())
        .put("vocabulary", model.vocabularySize())
        .put("context", model.contextLength());
    return request;
  }
}
