/** Trainer, optimizers, schedules, data, checkpoints and metrics. */
module dev.galen.train {
  requires transitive dev.galen.model;
  requires com.fasterxml.jackson.databind;
  requires de.siegmar.fastcsv;
  requires jdk.jfr;
  requires org.apache.commons.statistics.distribution;

  uses dev.galen.train.format.DataFormat;
  uses dev.galen.train.format.RowSchema;
  uses dev.galen.train.task.Task;

  exports dev.galen.train.chart;
  exports dev.galen.train.data;
  exports dev.galen.train.format;
  exports dev.galen.train.metrics;
  exports dev.galen.train;
  exports dev.galen.train.checkpoint;
  exports dev.galen.train.optim;
  exports dev.galen.train.preference;
  exports dev.galen.train.run;
  exports dev.galen.train.score;
  exports dev.galen.train.schedule;
  exports dev.galen.train.task;
  exports dev.galen.train.tensorboard;
}
