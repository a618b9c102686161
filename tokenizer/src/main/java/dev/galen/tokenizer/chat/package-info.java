/**
 * Conversations to text, by the template that comes with a model.
 *
 * <ul>
 *   <li>{@link dev.galen.tokenizer.chat.ChatTemplates}: those of a model's directory, by name.
 *   <li>{@link dev.galen.tokenizer.chat.ChatTemplate}: one of them, or the text of one.
 *   <li>{@link dev.galen.tokenizer.chat.ChatInput}: messages, tools, documents and variables.
 *   <li>{@link dev.galen.tokenizer.chat.RenderedChat}: the text, and where the assistant speaks.
 *   <li>{@link dev.galen.tokenizer.chat.ChatTemplateException}: what a template refuses.
 * </ul>
 */
package dev.galen.tokenizer.chat;
