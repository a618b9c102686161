/**
 * Adapters of low rank beside a model that stays as it is: LoRA and DoRA.
 *
 * <p>{@link dev.galen.model.lora.LoraConfig} says what is adapted and how, {@link
 * dev.galen.model.lora.LoraTargets} where; {@link dev.galen.model.lora.Adapters} adds them to any
 * model by name, switches, merges and unmerges them, and reads and writes the directories that PEFT
 * 0.21 does. No architecture knows of it: a layer with a matrix can exchange it.
 */
package dev.galen.model.lora;
