// What libagent's users call. An answer is freed by agent_free; null is no answer.
#pragma once

typedef void (*agent_line)(void* data, const char* line);

char* agent_ask(const char* question, agent_line line, void* data);
void agent_free(char* answer);
