export { nearestName } from '../base/nearest-name.ts';
