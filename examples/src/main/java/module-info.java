/** The galen command and example programs. */
module dev.galen.examples {
  requires dev.galen.train;
}
