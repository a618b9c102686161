/** JMH benchmarks that verify before they time. */
module dev.galen.bench {
  requires dev.galen.train;
  requires jmh.core;

  exports dev.galen.bench;
}
