package dev.galen.bench.book;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.peer.PythonPeer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Who else is there to compare with.
 *
 * @param wanted whether any may be asked
 * @param python the python process, if one runs
 */
record Peers(boolean wanted, Optional<PythonPeer> python) implements AutoCloseable {
  /** Nobody. */
  static Peers none() {
    return new Peers(false, Optional.empty());
  }

  /** A function of the python process, if that has {@code library}. */
  List<Contender> python(String name, String library, ObjectNode request) {
    return python
        .filter(p -> p.version(library).isPresent())
        .map(p -> new Contender(name, () -> p.prepare(request)))
        .stream()
        .toList();
  }

  /** A function of the python process that needs PyTorch. */
  List<Contender> pytorch(ObjectNode request) {
    return python("PyTorch", "torch", request);
  }

  @Override
  public void close() throws IOException {
    if (python.isPresent()) {
      python.get().close();
    }
  }
}
