/** The benchmark book, and JMH benchmarks that verify before they time. */
module dev.galen.bench {
  requires ai.djl.tokenizers;
  requires com.microsoft.onnxruntime;
  requires dev.galen.tensor.testing;
  requires dev.galen.train;
  requires dev.galen.kernels;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires java.management;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jmh.core;
  requires jtokkit;

  exports dev.galen.bench;

  // picocli fills options in by reflection.
  opens dev.galen.bench.book to
      info.picocli;
}
