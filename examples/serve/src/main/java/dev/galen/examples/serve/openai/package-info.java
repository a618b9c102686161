/** OpenAI's interface over an engine, as its clients of Python and Java speak it. */
package dev.galen.examples.serve.openai;
