/**
 * What a run needs to go on after it was interrupted: {@link
 * dev.galen.train.checkpoint.Checkpoints} writes, finds and checks the folders, {@link
 * dev.galen.train.checkpoint.SavedCheckpoint} is one of them, {@link
 * dev.galen.train.checkpoint.TrainingState} its numbers, {@link
 * dev.galen.train.checkpoint.RunSettings} what must be the same, {@link
 * dev.galen.train.checkpoint.Setting} what may be named to change, and {@link
 * dev.galen.train.checkpoint.RunLock} keeps a second run out.
 */
package dev.galen.train.checkpoint;
