// Types of what Vite serves.
/// <reference types="vite/client" />
