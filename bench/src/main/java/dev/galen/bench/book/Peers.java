package dev.galen.bench.book;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.peer.LlmcPeer;
import dev.galen.bench.peer.OnnxRuntime;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.bench.peer.Work;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Who else is there to compare with.
 *
 * @param wanted whether any may be asked
 * @param threads that each computes with
 * @param python the python process, if one runs
 * @param llmc llm.c's program, if the user has its sources
 */
record Peers(boolean wanted, int threads, Optional<PythonPeer> python, Optional<LlmcPeer> llmc)
    implements AutoCloseable {
  /** No peers. */
  static Peers none() {
    return new Peers(false, 1, Optional.empty(), Optional.empty());
  }

  /** Something that the python process does. */
  @FunctionalInterface
  interface Ask {
    /** Makes it ready to be timed. */
    Work of(PythonPeer python) throws IOException;
  }

  /** What the python process is asked, if that has {@code library}. */
  List<Contender> python(String name, String library, Ask ask) {
    return python
        .filter(p -> p.version(library).isPresent())
        .map(p -> new Contender(name, () -> ask.of(p)))
        .stream()
        .toList();
  }

  /** A function of the python process that needs PyTorch. */
  List<Contender> pytorch(ObjectNode request) {
    return python("PyTorch", "torch", p -> p.prepare(request));
  }

  /** Something that ONNX Runtime does. */
  @FunctionalInterface
  interface AskOnnx {
    /** Makes it ready to be timed. */
    Work of(int threads) throws IOException;
  }

  /** ONNX Runtime, which runs models but does not train them. */
  List<Contender> onnxRuntime(AskOnnx ask) {
    return wanted && OnnxRuntime.isHere()
        ? List.of(new Contender("ONNX Runtime", () -> ask.of(threads)))
        : List.of();
  }

  /** llm.c's training step. */
  List<Contender> llmcTrainStep(int batch, int time) {
    return llmc
        .map(program -> new Contender("llm.c", () -> program.trainStep(batch, time, threads)))
        .stream()
        .toList();
  }

  @Override
  public void close() throws IOException {
    if (llmc.isPresent()) {
      llmc.get().close();
    }
    if (python.isPresent()) {
      python.get().close();
    }
  }
}
