/** The galen command. */
module dev.galen.examples.cli {
  requires dev.galen.examples.clinical;
  requires dev.galen.examples.search;
  requires dev.galen.examples.serve;
  requires dev.galen.train;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires info.picocli;
  requires jdk.unsupported; // signals

  // picocli fills options in by reflection.
  opens dev.galen.examples.cli to
      info.picocli;
}
