/** The family of reinforcement learning: small worlds, and learners of policies that act in them. */
package io.stopcast.datasets.control;
