package dev.galen.train.run;

/**
 * What every part of a run needs to know.
 *
 * @param spec what is to be done
 * @param folder where everything is written
 * @param names how messages call settings
 * @param listener hears what happens
 * @param state how far the run is
 */
record RunContext(
    FineTuningSpec spec,
    RunFolder folder,
    SettingNames names,
    RunListener listener,
    RunState state) {}
