/** The programs of the README, and an architecture from outside of Galen. */
module dev.galen.examples {
  requires dev.galen.train;
  requires com.fasterxml.jackson.databind;
}
