/** Trainer, optimizers, schedules, data, checkpoints and metrics. */
module dev.galen.train {
  requires transitive dev.galen.model;
  requires com.fasterxml.jackson.databind;
}
