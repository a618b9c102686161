package dev.galen.bench.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.bench.book.Contender;
import dev.galen.bench.peer.PythonPeer;
import dev.galen.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The same work by PyTorch on the same GPU, in a process of its own.
 *
 * @param python the process, if it has a PyTorch that sees the GPU
 */
record Torch(Optional<PythonPeer> python) {
  /** How PyTorch is asked to do it. */
  enum Mode {
    /** One kernel after the other. */
    EAGER("PyTorch"),
    /** Through {@code torch.compile}. */
    COMPILE("torch.compile");

    private final String title;

    Mode(String title) {
      this.title = title;
    }
  }

  /** A function of {@code gpu_peer.py}; its arguments are to be added. */
  static ObjectNode request(String work, DType dtype) {
    return PythonPeer.request(work).put("dtype", dtype.name().toLowerCase(Locale.ROOT));
  }

  /** Ours, and behind it PyTorch in each of {@code modes}. */
  List<Contender> beside(Contender.Source ours, ObjectNode request, Mode... modes) {
    var all = new ArrayList<Contender>();
    all.add(new Contender("Galen", ours));
    for (Mode mode : modes) {
      ObjectNode asked = request.deepCopy().put("compile", mode == Mode.COMPILE);
      python.ifPresent(p -> all.add(new Contender(mode.title, () -> p.prepare(asked))));
    }
    return all;
  }
}
