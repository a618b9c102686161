/**
 * Searches over a function or a training run's settings: samplers, pruners, studies in databases.
 */
module dev.galen.examples.search {
  requires transitive dev.galen.train;
  requires com.fasterxml.jackson.databind;
  requires java.sql;
  requires org.apache.commons.numbers.gamma;

  exports dev.galen.examples.search;
  exports dev.galen.examples.search.prune;
  exports dev.galen.examples.search.recipe;
  exports dev.galen.examples.search.report;
  exports dev.galen.examples.search.sample;
  exports dev.galen.examples.search.space;
  exports dev.galen.examples.search.store;
  exports dev.galen.examples.search.trial;
}
