//! Simulation, interop, browser and structure tests.
