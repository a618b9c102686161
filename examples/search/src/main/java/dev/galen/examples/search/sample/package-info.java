/**
 * What a trial is given: a {@link dev.galen.examples.search.sample.Sampler} chooses by the trials
 * before it. {@link dev.galen.examples.search.sample.GridSampler} and {@link
 * dev.galen.examples.search.sample.RandomSampler} look at a trial's number alone, {@link
 * dev.galen.examples.search.sample.TpeSampler} learns. Each is a function of seed, number and
 * history, and keeps nothing.
 */
package dev.galen.examples.search.sample;
