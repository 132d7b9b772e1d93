//! The tables that the program carries: text in, no reading done here.
